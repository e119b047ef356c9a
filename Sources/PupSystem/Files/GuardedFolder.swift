internal import CLinux
internal import Glibc

/// The folder of a file that Pup writes at a path from the configuration (a logger file, a pid file), open, and reached in a way
/// that nobody but root and this user can have redirected.
///
/// Links are followed as long as only root and this user can have created them. From the first folder on that another user may
/// change, they are refused, and if root acts in another user's folder, it does so with that user's rights: no trick lets them
/// reach a file that they could not have written themselves. No call waits for a FIFO's other end.
///
///     let folder = try GuardedFolder(of: "/srv/app/app.pid", make: true)
///     let file = try folder.open("app.pid.new", O_WRONLY | O_CREAT | O_EXCL, mode: 0o644)
///     try folder.rename("app.pid.new", to: folder.name)
package struct GuardedFolder: ~Copyable {
  /// The folder's path without the links that were followed.
  package let path: String
  /// The last component of the given path, or of the target of the links at its end.
  package let name: String
  private let descriptor: Descriptor
  private let guardian: FolderGuard
  /// Another user may have changed the way to the folder, or its content.
  package let isExposed: Bool

  /// - Parameters:
  ///   - file: the absolute path of a file, which need not exist.
  ///   - make: creates the folder if only the folder itself is missing.
  ///   - followsLast: if the file is a link, the folder is that of its target.
  package init(of file: String, make: Bool = false, followsLast: Bool = true) throws(SystemError) {
    let walk = try PathWalk(to: file, make: make, followsLast: followsLast)
    path = walk.path.isEmpty ? "/" : walk.path
    name = walk.name
    isExposed = walk.isExposed
    guardian = walk.guardian
    descriptor = walk.folder
  }

  /// The file's path without the links that were followed.
  package var filePath: String { (path == "/" ? "" : path) + "/" + name }

  /// Where `file` leads by the links that may be followed; `file` itself if its folder cannot be reached.
  package static func resolve(_ file: String) -> String {
    guard let folder = try? GuardedFolder(of: file) else { return file }
    return folder.filePath
  }

  /// Opens the file of the path.
  package func open(_ flags: Int32, mode: UInt32 = 0) throws(SystemError) -> Descriptor {
    try open(name, flags, mode: mode)
  }

  /// Opens a file of the folder. Never a link; never waits.
  ///
  /// What another user has put into an exposed folder is refused: a file of theirs if everyone may create files there, and one
  /// that has other names.
  package func open(_ file: String, _ flags: Int32, mode: UInt32 = 0) throws(SystemError) -> Descriptor {
    let call = "open \(path == "/" ? "" : path)/\(file)"
    let flags = flags | O_NOCTTY | O_NONBLOCK | (followsInKernel ? 0 : O_NOFOLLOW)
    var number = asOwner { pup_openat(descriptor.number, file, flags, mode) }
    if number == -EACCES, rights != nil {
      // A file that root has created here before, as it was or renamed by someone.
      let own = try Descriptor(pup_openat(descriptor.number, file, flags & ~O_CREAT, 0), call)
      guard try Self.status(of: own, call).st_uid == geteuid() else { throw SystemError(call, errno: EACCES) }
      number = own.take()
    }
    if number == -ELOOP, isExposed { throw refusal(call, "it is a link") }
    let opened = try Descriptor(number, call)
    if isExposed {
      let info = try Self.status(of: opened, call)
      if guardian.isOpenToAll, info.st_uid != guardian.owner, !Owner.isTrusted(info.st_uid) {
        throw refusal(call, "the file belongs to user \(info.st_uid)")
      }
      if info.st_mode & S_IFMT == S_IFREG, info.st_nlink > 1, rights == nil || Owner.isTrusted(info.st_uid) {
        throw refusal(call, "the file has other names")
      }
    }
    return opened
  }

  /// Removes a file of the folder, whatever it is; not a folder.
  package func remove(_ file: String) throws(SystemError) {
    try check(asOwner { pup_unlinkat(descriptor.number, file, 0) }, "unlink \(path)/\(file)")
  }

  /// Replaces one file of the folder with another.
  package func rename(_ file: String, to other: String) throws(SystemError) {
    try check(asOwner { pup_renameat(descriptor.number, file, other) }, "rename \(path)/\(file) to \(other)")
  }

  // MARK: - Whose folder it is

  /// The kernel's own links lead to what is open; nobody has put them there.
  private var followsInKernel: Bool { pup_is_procfs(descriptor.number) }

  private var rights: (user: uid_t, group: gid_t)? { guardian.rights }

  /// Who creates files here: this user, or the folder's owner, with whose rights root acts.
  package var maker: UInt32 { rights?.user ?? geteuid() }

  private func asOwner(_ body: () -> Int32) -> Int32 { guardian.asOwner(body) }

  private static func status(of file: Descriptor, _ call: String) throws(SystemError) -> stat {
    var info = stat()
    guard fstat(file.number, &info) == 0 else { throw SystemError(call, errno: errno) }
    return info
  }

  private func refusal(_ call: String, _ reason: String) -> SystemError {
    SystemError("\(call): \(reason), and other users may change the folder or one above it", errno: EPERM)
  }
}

extension FolderGuard {
  /// Whose rights are used in the folder: its owner's, if root acts in another user's folder.
  var rights: (user: uid_t, group: gid_t)? { geteuid() == 0 && !Owner.isCertain(owner) ? (owner, group) : nil }

  /// - Parameter body: returns 0 or more, or a negative errno.
  /// - Returns: the same; -EPERM if the owner's rights are unavailable. Root's are no substitute.
  func asOwner(_ body: () -> Int32) -> Int32 {
    guard let rights else { return body() }
    guard pup_take_file_rights(rights.user, rights.group) else { return -EPERM }
    defer { pup_return_file_rights() }
    return body()
  }
}
