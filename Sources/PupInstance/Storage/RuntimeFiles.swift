internal import CLinux
internal import Glibc
internal import PupBasics
package import PupSystem

/// The files that keeper and brain share, open: the instance's description, the state, and the two ledgers. They are in a folder
/// on tmpfs, which is as fast as any memory, survives every process, and ends with the boot, as programs do.
package struct RuntimeFiles: Sendable {
  package var directory: String
  package var instance: Descriptor
  package var state: Descriptor
  package var streams: Descriptor
  package var sinks: Descriptor
  package var rows: Int

  /// What an instance needs of them.
  package struct Need: Sendable {
    var processes: Int
    /// Of the file of the log sinks.
    var sinkBytes: Int64

    package init(processes: Int, sinkBytes: Int64) {
      self.processes = processes
      self.sinkBytes = sinkBytes
    }
  }

  /// Opens the files of the instance in `paths`; those of a Pup that died without cleaning up are reused, since its programs may
  /// still be alive. A place that is full, or unusable for another reason, is skipped in favour of the next one.
  package static func open(
    _ paths: StoragePaths, _ folders: StorageFolders, _ need: Need, describe: (_ directory: String) -> InstanceDescription
  ) throws(InstanceError) -> RuntimeFiles {
    guard let temporary = folders.temporary else { throw InstanceError(.system, "no folder for temporary files") }
    let existing = try existingDirectory(paths)
    var problems: [String] = []
    for candidate in existing.map({ [$0] }) ?? candidates(paths) {
      guard existing != nil || prepare(candidate) else { continue }
      do throws(OwnershipProblem) {
        let files = try open(in: candidate, need, describe(candidate))
        let pointer = RuntimePointer(runtime: candidate, bootID: bootID, madeTemporary: folders.madeTemporary)
        try temporary.save(InstanceFiles.pointer, Array(pointer.text.utf8))
        return files
      } catch {
        // A half-made folder would occupy space that others may need.
        if existing == nil { InstanceRemoval.remove(runtime: candidate, temporary: "") }
        if error.kind == .untrusted { throw InstanceError(error) }
        problems.append(error.description)
      }
    }
    throw InstanceError(
      .system,
      "no usable folder for the state of running programs: \(problems.isEmpty ? paths.temporary : problems.joined(separator: "; "))"
    )
  }

  private static func open(
    in directory: String, _ need: Need, _ description: InstanceDescription
  ) throws(OwnershipProblem) -> RuntimeFiles {
    let folder = try OwnFolder(directory)
    let instance = try put(description, in: folder)
    let (state, _) = try sized("state", StateFile.size(processes: max(64, need.processes * 2)), in: folder)
    // Two streams per run; runs overlap, and a drained stream's row is freed a moment later.
    let (streams, size) = try sized("streams", StreamLedger.size(rows: max(1024, need.processes * 8)), in: folder)
    let (sinks, _) = try sized("sinks", need.sinkBytes, in: folder)
    return RuntimeFiles(
      directory: directory, instance: instance, state: state, streams: streams, sinks: sinks,
      rows: StreamLedger.rows(in: streams.number, size: size))
  }

  private static func put(_ description: InstanceDescription, in folder: OwnFolder) throws(OwnershipProblem) -> Descriptor {
    do throws(OwnershipProblem) {
      return try folder.replace("instance", with: description.encoded())
    } catch  where error.kind == .system(ENOSPC) {
      // The existing file of an instance whose programs may be alive: nobody reads it now, and it is large enough.
      unlinkat(folder.descriptor, "instance", 0)
      return try folder.replace("instance", with: description.encoded())
    }
  }

  /// Removes what a clean end leaves behind.
  package static func remove(directory: String, _ paths: StoragePaths) {
    removeSocketFolder(directory, paths)
    InstanceRemoval.remove(runtime: directory, temporary: paths.temporary)
  }

  /// What the keeper reported about the last upgrade that it did not carry out, or not completely.
  package static func upgradeNote(directory: String) -> String { "\(directory)/\(InstanceFiles.upgrade)" }

  /// Why the running Pup has no supervisor, and will not get one by itself; nil if it has one, or will get one.
  package static func refusal(_ paths: StoragePaths) -> String? {
    guard let directory = namedDirectory(paths), let folder = try? OwnFolder(directory),
      let bytes = try? folder.content(InstanceFiles.refusal)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").first.map(String.init)
  }

  package static var bootID: String {
    (text(of: "/proc/sys/kernel/random/boot_id") ?? "").split(separator: "\n").first.map(String.init) ?? ""
  }

  // MARK: - Folders

  /// Best first. The name is a hash, so that two instances never collide and a long path is no problem.
  static func candidates(_ paths: StoragePaths, making: Bool = true) -> [String] {
    let name = hash(paths.data)
    var parents: [String] = []
    if geteuid() == 0 {
      parents = ["/run/pup", "/dev/shm/pup-0"]
    } else if !endsWithTheSession || !making {
      if let user = getenv("XDG_RUNTIME_DIR") { parents.append(String(cString: user) + "/pup") }
      parents.append("/dev/shm/pup-\(geteuid())")
    }
    let onTmpfs = parents.filter { parent in
      guard making else { return true }
      let above = PathText.start(of: parent) ?? "/"
      return pup_is_tmpfs(above) && (try? FolderAncestry.check(parent, configuration: nil)) != nil && ensureOwnFolder(parent)
    }
    return onTmpfs.map { "\($0)/\(name)" } + [paths.temporary + "/" + besideTemporary]
  }

  /// In the temporary folder, which may contain files that are not Pup's.
  static let besideTemporary = ".main.run"

  /// systemd-logind removes an ordinary user's files on tmpfs at the last logout, unless lingering is enabled for the user;
  /// programs may outlive that.
  static var endsWithTheSession: Bool {
    guard access("/run/systemd/seats", F_OK) == 0, let user = UserAccount(geteuid()) else { return false }
    return access("/var/lib/systemd/linger/" + user.name, F_OK) != 0
  }

  /// New and empty: files of an instance of another boot are useless.
  private static func prepare(_ directory: String) -> Bool {
    guard ensureOwnFolder(directory), let folder = try? OwnFolder(directory) else { return false }
    for name in InstanceFiles.runtime { unlinkat(folder.descriptor, name, 0) }
    return true
  }

  /// A folder of ours that nobody else can enter: /dev/shm is shared by everyone.
  static func ensureOwnFolder(_ path: String) -> Bool {
    if mkdir(path, 0o700) != 0, errno != EEXIST { return false }
    var info = stat()
    guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR, info.st_uid == geteuid() else { return false }
    return info.st_mode & 0o077 == 0 || chmod(path, 0o700) == 0
  }

  static func hash(_ text: String) -> String { StableHash.digits(of: text) }

  // MARK: - Files

  /// At least `size` bytes, all of them allocated: a later write cannot fail because the disk is full.
  private static func sized(
    _ name: String, _ size: Int64, in folder: OwnFolder
  ) throws(OwnershipProblem) -> (file: Descriptor, size: Int64) {
    let file = try folder.open(name, O_RDWR | O_CREAT)
    var identity = pup_file_identity()
    let known = pup_identity(file.number, &identity)
    if known >= 0, identity.size >= size { return (file, identity.size) }
    let code = known < 0 ? known : pup_allocate(file.number, size)
    guard code >= 0 else {
      throw OwnershipProblem(.system(-code), "\(folder.path)/\(name): \(String(cString: pup_error_text(-code)))")
    }
    return (file, size)
  }

  /// Written next to it and renamed, so that a reader sees the old content or the new; open for reading. The folder may be
  /// anyone's: whatever is in the way of the new file is removed, never written to.
  package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError) -> Descriptor {
    let fresh = path + ".new"
    unlink(fresh)
    let file = try Descriptor(pup_open(fresh, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode), "open \(fresh)")
    func abandoned(_ call: String) -> SystemError {
      let error = SystemError("\(call) \(fresh)", errno: errno)
      unlink(fresh)
      return error
    }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
      guard count > 0 else { throw abandoned("write") }
      written += count
    }
    guard rename(fresh, path) == 0 else { throw abandoned("rename") }
    return file
  }

  /// The same in a folder of Pup's own, which is checked first.
  package static func replaceOwn(_ path: String, with bytes: [UInt8]) throws(OwnershipProblem) {
    let (folder, name) = try OwnFolder.holding(path)
    try folder.save(name, bytes)
  }

  /// The whole content from the beginning; nil if it cannot be read.
  package static func content(of descriptor: Int32) -> [UInt8]? { try? bytes(of: descriptor) }

  private static func bytes(of descriptor: Int32) throws(SystemError) -> [UInt8] {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(content.count))
      guard count >= 0 else { throw SystemError("read", errno: errno) }
      if count == 0 { return content }
      content.append(contentsOf: chunk[0..<count])
    }
  }

  package static func text(of path: String) -> String? { try? read(path) }

  /// A FIFO in its place has no text; waiting for some would block the reader.
  package static func read(_ path: String) throws(SystemError) -> String {
    let file = try Descriptor(pup_open(path, O_RDONLY | O_NONBLOCK, 0), "open \(path)")
    return String(decoding: try bytes(of: file.number), as: UTF8.self)
  }
}
