internal import Glibc
internal import PupBasics

extension ConfigurationFile {
  /// Replaces a configuration atomically: a reader sees either the old text or the new one.
  /// Mode and owner are kept; a symbolic link is followed. Hold a `ConfigurationLock`: it
  /// serializes Pup's own edits. Programs that take no lock are detected by comparison.
  /// - Parameter expected: what the file must still contain; another editor may have changed it in the meantime.
  package static func replace(_ path: String, with bytes: [UInt8], expecting expected: [UInt8]) throws(ConfigurationFileError) {
    let target = try SystemFiles.realPath(of: path)
    var status = stat()
    guard stat(target, &status) == 0 else { throw .unreadable(errno: errno) }
    guard faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) == 0 else { throw .unwritable(errno: errno) }
    try write(bytes, beside: target, mode: status.st_mode & 0o7777, owner: (status.st_uid, status.st_gid)) {
      (fresh) throws(ConfigurationFileError) in
      guard try read(target) == expected else { throw .changed }
      guard rename(fresh, target) == 0 else { throw .unwritable(errno: errno) }
    }
  }

  /// Writes a configuration that does not exist yet.
  package static func create(_ path: String, _ bytes: [UInt8]) throws(ConfigurationFileError) {
    // The user's umask applies, as for any file that an editor creates.
    let mask = umask(0)
    umask(mask)
    try write(bytes, beside: path, mode: 0o666 & ~mask, owner: nil) { (fresh) throws(ConfigurationFileError) in
      // link(2) does not replace a file that has been created in the meantime.
      guard link(fresh, path) == 0 else { throw errno == EEXIST ? .exists : .unwritable(errno: errno) }
      unlink(fresh)
    }
  }

  private static func write(
    _ bytes: [UInt8], beside path: String, mode: mode_t, owner: (uid_t, gid_t)?,
    _ place: (_ fresh: String) throws(ConfigurationFileError) -> Void
  ) throws(ConfigurationFileError) {
    // The length of this name does not depend on the file's, so it is valid whatever the configuration is called.
    let fresh = PathText.join(PathText.parent(of: path), temporaryName())
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unwritable(errno: errno) }
    var problem: Int32 = 0
    var written = 0
    while written < bytes.count, problem == 0 {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { written += count } else if errno != EINTR { problem = count == 0 ? ENOSPC : errno }
    }
    // An unprivileged user cannot give a file away; it then stays theirs, in the old group if they are a member.
    if let (user, group) = owner, fchown(descriptor, user, group) != 0 { _ = fchown(descriptor, uid_t.max, group) }
    if problem == 0, fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0 { problem = errno }
    close(descriptor)
    do throws(ConfigurationFileError) {
      if problem != 0 { throw .unwritable(errno: problem) }
      try place(fresh)
    } catch {
      unlink(fresh)
      throw error
    }
    syncFolder(of: path)
  }

  /// The prefix of files that a killed `pup append` leaves behind; they never count as a change to watched files.
  package static let temporaryPrefix = ".pup-edit-"

  private static func temporaryName() -> String {
    temporaryPrefix + String(UInt64.random(in: 0...UInt64.max), radix: 36)
  }

  /// Makes the new name survive a power failure, if the file system supports that.
  private static func syncFolder(of path: String) {
    let descriptor = open(PathText.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
