internal import Glibc

extension ConfigurationFile {
  /// Replaces a configuration as a whole: a reader sees the old text or the new one. Mode and owner stay; a symbolic link is followed.
  /// - Parameter expected: what the file has to hold still; another editor may have been faster.
  package static func replace(_ path: String, with bytes: [UInt8], expecting expected: [UInt8]) throws(ConfigurationFileError) {
    let target = try realPath(of: path)
    var status = stat()
    guard stat(target, &status) == 0 else { throw .unreadable(reason(errno)) }
    guard faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) == 0 else { throw .unwritable(reason(errno)) }
    try write(bytes, beside: target, mode: status.st_mode & 0o7777, owner: (status.st_uid, status.st_gid)) {
      (fresh) throws(ConfigurationFileError) in
      guard try read(target) == expected else { throw .changed }
      guard rename(fresh, target) == 0 else { throw .unwritable(reason(errno)) }
    }
  }

  /// Writes a configuration where there is none.
  package static func create(_ path: String, _ bytes: [UInt8]) throws(ConfigurationFileError) {
    // Like any file that an editor makes: the user's mask decides.
    let mask = umask(0)
    umask(mask)
    try write(bytes, beside: path, mode: 0o666 & ~mask, owner: nil) { (fresh) throws(ConfigurationFileError) in
      // A link does not replace what somebody else has made meanwhile.
      guard link(fresh, path) == 0 else { throw errno == EEXIST ? .exists : .unwritable(reason(errno)) }
      unlink(fresh)
    }
  }

  private static func write(
    _ bytes: [UInt8], beside path: String, mode: mode_t, owner: (uid_t, gid_t)?,
    _ place: (_ fresh: String) throws(ConfigurationFileError) -> Void
  ) throws(ConfigurationFileError) {
    let fresh = "\(path).\(getpid()).new"
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .unwritable(reason(errno)) }
    var problem: Int32 = 0
    var written = 0
    while written < bytes.count, problem == 0 {
      let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { written += count } else if errno != EINTR { problem = count == 0 ? ENOSPC : errno }
    }
    // An ordinary user cannot give a file away; then it stays theirs, in the old group where they are a member.
    if let (user, group) = owner, fchown(descriptor, user, group) != 0 { _ = fchown(descriptor, uid_t.max, group) }
    if problem == 0, fchmod(descriptor, mode) != 0 || fsync(descriptor) != 0 { problem = errno }
    close(descriptor)
    do throws(ConfigurationFileError) {
      if problem != 0 { throw .unwritable(reason(problem)) }
      try place(fresh)
    } catch {
      unlink(fresh)
      throw error
    }
    syncFolder(of: path)
  }

  private static func realPath(of path: String) throws(ConfigurationFileError) -> String {
    guard let pointer = realpath(path, nil) else { throw errno == ENOENT ? .notFound : .unreadable(reason(errno)) }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// The new name survives a loss of power, where the file system can do that.
  private static func syncFolder(of path: String) {
    let descriptor = open(PathText.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  private static func reason(_ number: Int32) -> String { strerror(number).map { String(cString: $0) } ?? "error \(number)" }
}
