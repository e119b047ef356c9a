internal import CLinux
internal import Glibc
internal import PupCore
internal import PupSystem

/// Opens the file, and puts a damaged one out of the way.
struct StoreFile {
  let path: String

  /// What was found besides the database.
  struct Opened {
    var database: Database
    var notice: StoreNotice?
  }

  func open(now: WallTime) throws(StoreError) -> Opened {
    do throws(StoreError) {
      return Opened(database: try openSound())
    } catch  where error.isDamage {
      return try replaceDamaged(because: error, now: now)
    }
  }

  private func openSound() throws(StoreError) -> Database {
    // Made here, so that it and the files SQLite puts beside it are the user's alone from the first moment.
    let descriptor = pup_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: String(cString: pup_error_text(-descriptor))) }
    let found = versionInHeader(descriptor)
    // Before SQLite has locks on it: closing any descriptor of a file gives up all of a process's locks.
    close(descriptor)
    try refuse(newer: found)
    let database = try Database(path: path)
    database.keepLogOnClose(true)
    try refuse(newer: try database.userVersion())
    database.keepLogOnClose(false)
    try configure(database)
    try database.migrate()
    // A damaged page of what is needed at the start shows now; of the rest when it is read.
    _ = try (database.desired(), database.tokens(), database.revokedConsumers(), database.setting("event.epoch"))
    return database
  }

  private func configure(_ database: Database) throws(StoreError) {
    // Some file systems cannot do this; SQLite then keeps the journal that they can.
    _ = try database.text("PRAGMA journal_mode = WAL", stage: "choose the journal")
    try database.script("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY", stage: "configure")
    _ = try database.integer("PRAGMA cache_size = -512", stage: "configure")
    _ = try database.integer("PRAGMA journal_size_limit = 4194304", stage: "configure")
  }

  private func refuse(newer found: Int) throws(StoreError) {
    guard found <= Migration.newest else { throw .newer(path: path, found: found, known: Migration.newest) }
  }

  /// The header's own copy (SQLite file format, offset 60, big endian), read without opening the file as a database.
  private func versionInHeader(_ descriptor: Int32) -> Int {
    var header = [UInt8](repeating: 0, count: 64)
    guard pread(descriptor, &header, 64, 0) == 64, header.starts(with: "SQLite format 3\0".utf8) else { return 0 }
    let version = header[60..<64].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Int(Int32(bitPattern: version))
  }

  // MARK: Damage

  func replaceDamaged(because error: StoreError, now: WallTime) throws(StoreError) -> Opened {
    let aside = try setAside(now: now)
    let salvage = Salvage(from: aside)
    let database = try openSound()
    try salvage.restore(to: database)
    let reason = if case .statement(_, _, let reason) = error { reason } else { "\(error)" }
    return Opened(database: database, notice: .damaged(reason: reason, movedTo: aside, kept: salvage.words))
  }

  private func setAside(now: WallTime) throws(StoreError) -> String {
    let base = "\(path).damaged-\(now.microseconds / 1_000_000)"
    var aside = base
    var attempt = 2
    while access(aside, F_OK) == 0 {
      aside = "\(base)-\(attempt)"
      attempt += 1
    }
    guard rename(path, aside) == 0 else {
      throw .cannotOpen(path: path, reason: "damaged, and cannot be set aside: \(String(cString: pup_error_text(errno)))")
    }
    // The log belongs to the file; SQLite finds it by its name.
    for suffix in ["-wal", "-shm"] { _ = rename(path + suffix, aside + suffix) }
    return aside
  }
}
