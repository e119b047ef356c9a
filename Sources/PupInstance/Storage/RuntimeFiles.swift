internal import CLinux
internal import Glibc
package import PupSystem

/// The files that keeper and brain share, open: the instance's description, the state, and the two ledgers. They live in a folder on
/// tmpfs, which is memory as fast as any, survives every process and ends with the machine's boot, as programs do.
package struct RuntimeFiles: Sendable {
  package var directory: String
  package var instance: Int32
  package var state: Int32
  package var streams: Int32
  package var sinks: Int32
  package var rows: Int

  /// Opens the files of the instance in `paths`; those of a Pup that died without cleaning up are used again, since programs of it may
  /// still be alive.
  package static func open(
    _ paths: StoragePaths, processes: Int, describe: (_ directory: String) -> InstanceDescription
  ) throws(InstanceError) -> RuntimeFiles {
    let directory = try chooseDirectory(paths)
    do throws(SystemError) {
      let description = describe(directory).encoded()
      let instance = try replace(directory + "/instance", with: description)
      let state = try sized(directory + "/state", StateFile.size(processes: max(64, processes * 2)))
      // Two streams a run; runs overlap, and a drained stream's row is free a moment later.
      let streams = try sized(directory + "/streams", Int64(max(1024, processes * 8) * StreamLedger.rowSize))
      let sinks = try check(pup_open(directory + "/sinks", O_RDWR | O_CREAT | O_NOFOLLOW, 0o600), "open \(directory)/sinks")
      return RuntimeFiles(
        directory: directory, instance: instance, state: state.descriptor, streams: streams.descriptor, sinks: sinks,
        rows: Int(streams.size) / StreamLedger.rowSize)
    } catch {
      throw InstanceError(.system, "\(error)")
    }
  }

  /// Removes what a clean end leaves behind.
  package static func remove(directory: String, _ paths: StoragePaths) {
    removeSocketFolder(directory, paths)
    for name in InstanceFiles.runtime { unlink("\(directory)/\(name)") }
    rmdir(directory)
    FolderRemoval.remove(paths.temporary)
  }

  /// The runtime directory of an instance that did not end cleanly; nil where there is none, or where it is of an earlier boot.
  package static func existingDirectory(_ paths: StoragePaths) -> String? {
    guard let text = Self.text(of: paths.pointerFile) else { return nil }
    let lines = text.split(separator: "\n")
    guard lines.count >= 2, lines[1] == bootID, access("\(lines[0])/state", F_OK) == 0 else { return nil }
    return String(lines[0])
  }

  /// What the keeper said of the last upgrade that it did not make, or not wholly.
  package static func upgradeNote(directory: String) -> String { "\(directory)/\(InstanceFiles.upgrade)" }

  package static var bootID: String {
    (text(of: "/proc/sys/kernel/random/boot_id") ?? "").split(separator: "\n").first.map(String.init) ?? ""
  }

  // MARK: Folders

  private static func chooseDirectory(_ paths: StoragePaths) throws(InstanceError) -> String {
    if let existing = existingDirectory(paths) { return existing }
    for candidate in candidates(paths) where prepare(candidate) {
      let pointer = "\(candidate)\n\(bootID)\n"
      do throws(SystemError) {
        close(try replace(paths.pointerFile, with: Array(pointer.utf8)))
      } catch {
        throw InstanceError(.configuration, "\(error)")
      }
      return candidate
    }
    throw InstanceError(.system, "no folder for the state of running programs: \(paths.temporary) cannot be used")
  }

  /// Best first. The name is a hash, so that two instances never meet and a long path is no problem.
  private static func candidates(_ paths: StoragePaths) -> [String] {
    let name = hash(paths.data)
    var parents: [String] = []
    if geteuid() == 0 {
      parents = ["/run/pup", "/dev/shm/pup-0"]
    } else if !endsWithTheSession {
      if let user = getenv("XDG_RUNTIME_DIR") { parents.append(String(cString: user) + "/pup") }
      parents.append("/dev/shm/pup-\(geteuid())")
    }
    let onTmpfs = parents.filter { parent in
      let above = parent.lastIndex(of: "/").map { String(parent[..<$0]) } ?? "/"
      return pup_is_tmpfs(above) && ensureOwnFolder(parent)
    }
    return onTmpfs.map { "\($0)/\(name)" } + [paths.temporary + "/run"]
  }

  /// systemd-logind removes an ordinary user's files on tmpfs at the last logout, unless the user lingers; programs may outlive that.
  static var endsWithTheSession: Bool {
    guard access("/run/systemd/seats", F_OK) == 0, let user = getpwuid(geteuid()) else { return false }
    return access("/var/lib/systemd/linger/" + String(cString: user.pointee.pw_name), F_OK) != 0
  }

  /// Fresh and empty: files of an instance of another boot are no use.
  private static func prepare(_ directory: String) -> Bool {
    guard ensureOwnFolder(directory) else { return false }
    for name in InstanceFiles.runtime { unlink("\(directory)/\(name)") }
    return true
  }

  /// A folder of ours that nobody else can enter: /dev/shm is everybody's.
  static func ensureOwnFolder(_ path: String) -> Bool {
    if mkdir(path, 0o700) != 0, errno != EEXIST { return false }
    var info = stat()
    guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR, info.st_uid == geteuid() else { return false }
    return info.st_mode & 0o077 == 0 || chmod(path, 0o700) == 0
  }

  static func hash(_ text: String) -> String { StableHash.digits(of: text) }

  // MARK: Files

  /// At least `size` bytes, all of them allocated: a later write cannot fail because the disk is full.
  private static func sized(_ path: String, _ size: Int64) throws(SystemError) -> (descriptor: Int32, size: Int64) {
    let descriptor = try check(pup_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600), "open \(path)")
    var identity = pup_file_identity()
    try check(pup_identity(descriptor, &identity), "fstat \(path)")
    if identity.size < size {
      try check(pup_allocate(descriptor, size), "fallocate \(path)")
      return (descriptor, size)
    }
    return (descriptor, identity.size)
  }

  /// Written beside and renamed, so that a reader sees the old content or the new; open for reading.
  package static func replace(_ path: String, with bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError) -> Int32 {
    let fresh = path + ".new"
    let descriptor = try check(pup_open(fresh, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, mode), "open \(fresh)")
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else {
        let reason = errno
        close(descriptor)
        unlink(fresh)
        throw SystemError("write \(fresh)", errno: reason)
      }
      written += count
    }
    guard rename(fresh, path) == 0 else {
      let reason = errno
      close(descriptor)
      throw SystemError("rename \(fresh)", errno: reason)
    }
    return descriptor
  }

  /// The whole content from the beginning.
  package static func content(of descriptor: Int32) -> [UInt8]? {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(content.count))
      guard count >= 0 else { return nil }
      if count == 0 { return content }
      content.append(contentsOf: chunk[0..<count])
    }
  }

  package static func text(of path: String) -> String? {
    let descriptor = pup_open(path, O_RDONLY, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return content(of: descriptor).map { String(decoding: $0, as: UTF8.self) }
  }
}
