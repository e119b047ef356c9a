internal import CLinux
internal import Glibc
internal import PupCore
internal import PupSystem

/// Opens the file, and moves a damaged one out of the way.
struct StoreFile {
  let path: String

  /// What else was found.
  struct Opened {
    var database: Database
    var anchor: FileAnchor
    var notice: StoreNotice?

    fileprivate init(_ sound: (database: Database, anchor: FileAnchor), _ notice: StoreNotice?) {
      (database, anchor) = sound
      self.notice = notice
    }
  }

  func open(now: WallTime) throws(StoreError) -> Opened {
    let other = try takeFormer()
    do throws(StoreError) {
      return Opened(try openSound(), other)
    } catch  where error.isDamage {
      return try replaceDamaged(because: error, now: now)
    }
  }

  private func openSound() throws(StoreError) -> (database: Database, anchor: FileAnchor) {
    // Created here, so that it and SQLite's files next to it belong to the user alone from the first moment.
    let file = try own { (folder, name) throws(OwnershipProblem) in try folder.open(name, O_RDWR | O_CREAT) }
    let found = versionInHeader(file)
    // Closed here, not when the last reference is dropped: SQLite is about to lock the file, and closing any descriptor of it
    // drops all of the process's locks.
    file.close()
    try refuse(newer: found)
    let database = try Database(path: path)
    database.keepLogOnClose(true)
    try refuse(newer: try database.userVersion())
    database.keepLogOnClose(false)
    try configure(database)
    try database.migrate()
    // Damage to pages that are needed at the start shows now; damage to others when they are read.
    _ = try (database.desired(), database.tokens(), database.revokedConsumers(), database.setting("event.epoch"))
    let anchor = try own { (folder, name) throws(OwnershipProblem) in FileAnchor(path, in: folder, name) }
    return (database, anchor)
  }

  /// In its folder, which, like the file, must not belong to anyone else.
  private func own<Value>(_ body: (OwnFolder, String) throws(OwnershipProblem) -> Value) throws(StoreError) -> Value {
    try StoreError.ofFile(path) { () throws(OwnershipProblem) in
      let (folder, name) = try OwnFolder.holding(path)
      return try body(folder, name)
    }
  }

  /// The file of an earlier version gets its current name. One of the original Pup is left alone; that is reported once, when a
  /// new file is created.
  private func takeFormer() throws(StoreError) -> StoreNotice? {
    try own { (folder, name) throws(OwnershipProblem) in
      guard let former = FormerFile(beside: folder, name), !former.move() else { return nil }
      return .leftAlone(former.path)
    }
  }

  private func configure(_ database: Database) throws(StoreError) {
    // Some file systems cannot do this; then SQLite uses a journal that they support.
    _ = try database.text("PRAGMA journal_mode = WAL", stage: "choose the journal")
    try database.script("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY", stage: "configure")
    _ = try database.integer("PRAGMA cache_size = -512", stage: "configure")
    _ = try database.integer("PRAGMA journal_size_limit = 4194304", stage: "configure")
  }

  private func refuse(newer found: Int) throws(StoreError) {
    guard found <= Migration.newest else { throw .newer(path: path, found: found, known: Migration.newest) }
  }

  /// The header's own copy (SQLite file format, offset 60, big endian), read without opening the file as a database.
  private func versionInHeader(_ file: Descriptor) -> Int {
    var header = [UInt8](repeating: 0, count: 64)
    guard pread(file.number, &header, 64, 0) == 64, header.starts(with: "SQLite format 3\0".utf8) else { return 0 }
    let version = header[60..<64].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Int(Int32(bitPattern: version))
  }

  // MARK: - Damage

  func replaceDamaged(because error: StoreError, now: WallTime) throws(StoreError) -> Opened {
    let aside = try setAside(as: "damaged", now: now)
    let salvage = Salvage(from: aside)
    let sound = try openSound()
    try salvage.restore(to: sound.database)
    let reason = if case .statement(_, _, let reason) = error { reason } else { "\(error)" }
    return Opened(sound, .damaged(reason: reason, movedTo: aside, kept: salvage.words))
  }

  private func setAside(as word: String, now: WallTime) throws(StoreError) -> String {
    let (folder, name) = try own { (folder, name) throws(OwnershipProblem) in (folder, name) }
    let base = "\(name).\(word)-\(now.microseconds / 1_000_000)"
    var aside = base
    var attempt = 2
    while faccessat(folder.descriptor, aside, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
      aside = "\(base)-\(attempt)"
      attempt += 1
    }
    guard renameat(folder.descriptor, name, folder.descriptor, aside) == 0 else {
      throw .cannotOpen(path: path, reason: "\(word), and cannot be set aside: \(String(cString: pup_error_text(errno)))")
    }
    // The log belongs to the file; SQLite finds it by its name.
    for suffix in ["-wal", "-shm"] { renameat(folder.descriptor, name + suffix, folder.descriptor, aside + suffix) }
    return "\(folder.path)/\(aside)"
  }

  // MARK: - Loss

  /// Re-creates the file from the open database, whose own file is no longer at the path. A foreign file in its place is set
  /// aside.
  func remake(from old: Database, _ anchor: FileAnchor, now: WallTime) throws(StoreError) -> Opened {
    let (folder, name) = try own { (folder, name) throws(OwnershipProblem) in (folder, name) }
    // Closing it must not remove the new one's log, which has the same name.
    old.keepLogOnClose(true)
    let fresh = name + ".new"
    var salvage: Salvage?
    do throws(StoreError) {
      try copy(old, to: fresh, in: folder)
    } catch {
      unlinkat(folder.descriptor, fresh, 0)
      // No room for it. Any other error may be due to what is read.
      guard !error.isFullDisk else { throw error }
      salvage = Salvage(from: old)
    }
    var stranger: String?
    if !anchor.isAtPath(folder, name), faccessat(folder.descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
      stranger = try setAside(as: "replaced", now: now)
    }
    // A log of another file would be written over the new one.
    for suffix in ["-wal", "-shm", "-journal"] { unlinkat(folder.descriptor, name + suffix, 0) }
    if salvage == nil {
      guard renameat(folder.descriptor, fresh, folder.descriptor, name) == 0 else {
        throw .cannotOpen(path: path, reason: "rename: \(String(cString: pup_error_text(errno)))")
      }
    } else {
      unlinkat(folder.descriptor, name, 0)
    }
    let sound = try openSound()
    try salvage?.restore(to: sound.database)
    let kept = salvage?.words ?? "Everything in it was kept."
    let aside = stranger.map { " What had taken its place is now \($0)." } ?? ""
    return Opened(
      sound, .remade(path: path, kept: kept + aside, isComplete: !(salvage?.isIncomplete ?? false)))
  }

  private func copy(_ old: Database, to name: String, in folder: OwnFolder) throws(StoreError) {
    unlinkat(folder.descriptor, name, 0)
    // Created here, so that it belongs to the user alone from the first moment.
    let made = try StoreError.ofFile(path) { () throws(OwnershipProblem) in try folder.open(name, O_RDWR | O_CREAT | O_EXCL) }
    // Before SQLite has locks on it.
    made.close()
    try old.copy(to: try Database(path: "\(folder.path)/\(name)"))
  }
}
