internal import CLinux
internal import Glibc
internal import PupBasics

/// A folder that belongs to this user (or root), that nobody else can write to, and that is not a link; kept open. Files in it
/// are opened relative to it, so that replacing it by name changes nothing.
package final class OwnFolder: Sendable {
  package let path: String
  private let folder: Descriptor
  package var descriptor: Int32 { folder.number }

  private static let elsewhere = "or keep Pup's files elsewhere (--data-dir, --temp-dir)"

  package init(_ path: String) throws(OwnershipProblem) {
    let descriptor = pup_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    guard descriptor >= 0 else { throw Self.refusal(path, -descriptor, isFolder: true) }
    self.path = path
    folder = Descriptor(descriptor)
    try check()
  }

  /// The folder that contains this file, and the file's name in it.
  package static func holding(_ file: String) throws(OwnershipProblem) -> (folder: OwnFolder, name: String) {
    (try OwnFolder(PathText.parent(of: file)), PathText.name(of: file))
  }

  /// Creates the folder (0700) if it is missing; its parent has to exist.
  /// - Returns: also whether it was created now.
  package static func make(_ path: String) throws(OwnershipProblem) -> (folder: OwnFolder, isNew: Bool) {
    let isNew = mkdir(path, 0o700) == 0
    let reason = errno
    // EROFS and others for something that exists: opening shows.
    if !isNew, reason != EEXIST, access(path, F_OK) != 0 {
      throw OwnershipProblem(.system(reason), "\(path): cannot create this folder: \(String(cString: pup_error_text(reason)))")
    }
    return (try OwnFolder(path), isNew)
  }

  private func check() throws(OwnershipProblem) {
    var info = stat()
    guard fstat(descriptor, &info) == 0 else { throw Self.refusal(path, errno, isFolder: true) }
    guard Owner.isTrusted(info.st_uid) else {
      throw .untrusted(
        path, "this folder belongs to \(Owner.words(info.st_uid)); run the command as that user, \(Self.elsewhere)")
    }
    if !Owner.trustsFolders, let (who, letters) = Owner.others(info.st_mode, info.st_gid) {
      let sticky = info.st_mode & S_ISVTX != 0
      throw .untrusted(
        path,
        "\(who) can write to this folder; "
          + (sticky ? "choose one of your own (--data-dir, --temp-dir)" : "run: chmod \(letters) '\(path)', \(Self.elsewhere)")
          + "; \(Owner.trustHint)")
    }
  }

  // MARK: - Files

  /// Opens a regular file of this folder that nobody else could have created or can change.
  /// - Parameter flags: as open(2)'s; never follows a link, never waits for the other end of a FIFO.
  package func open(_ name: String, _ flags: Int32, mode: UInt32 = 0o600) throws(OwnershipProblem) -> Descriptor {
    let number = pup_openat(descriptor, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode)
    guard number >= 0 else { throw Self.refusal("\(path)/\(name)", -number) }
    let file = Descriptor(number)
    try checkFile(file, name)
    return file
  }

  private func checkFile(_ file: Descriptor, _ name: String) throws(OwnershipProblem) {
    let full = "\(path)/\(name)"
    var info = stat()
    guard fstat(file.number, &info) == 0 else { throw Self.refusal(full, errno) }
    guard info.st_mode & S_IFMT == S_IFREG else {
      throw .untrusted(full, "this is not a regular file; remove it, \(Self.elsewhere)")
    }
    guard Owner.isTrusted(info.st_uid) else {
      throw .untrusted(full, "this file belongs to \(Owner.words(info.st_uid)); remove it, \(Self.elsewhere)")
    }
    if let (who, letters) = Owner.others(info.st_mode, info.st_gid) {
      throw .untrusted(
        full, "\(who) can write to this file; check its content, then remove it or run: chmod \(letters) '\(full)'")
    }
  }

  /// Opens a file with a secret for reading: one that others can read is refused.
  package func openSecret(_ name: String) throws(OwnershipProblem) -> Descriptor {
    let file = try open(name, O_RDONLY)
    var info = stat()
    guard fstat(file.number, &info) == 0, info.st_mode & 0o077 != 0 else { return file }
    let full = "\(path)/\(name)"
    throw .untrusted(
      full, "others can read this secret (mode \(String(info.st_mode & 0o777, radix: 8))); run: chmod 600 '\(full)'")
  }

  /// The whole of a small file.
  package func content(_ name: String, limit: Int = 1 << 20) throws(OwnershipProblem) -> [UInt8] {
    let file = try open(name, O_RDONLY)
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while content.count < limit {
      let count = read(file.number, &chunk, chunk.count)
      guard count >= 0 else { throw Self.refusal("\(path)/\(name)", errno) }
      if count == 0 { break }
      content.append(contentsOf: chunk[0..<count])
    }
    return content
  }

  /// Written next to it and renamed, so that a reader sees the old content or the new.
  /// - Returns: the file, open for reading and writing.
  package func replace(_ name: String, with bytes: [UInt8], mode: UInt32 = 0o600) throws(OwnershipProblem) -> Descriptor {
    let fresh = name + ".new"
    // Whatever has the name is of no use to anyone; what is created here belongs to nobody else.
    unlinkat(descriptor, fresh, 0)
    let file = try open(fresh, O_RDWR | O_CREAT | O_EXCL, mode: mode)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
      guard count > 0 else { throw abandon(fresh, "write") }
      written += count
    }
    guard renameat(descriptor, fresh, descriptor, name) == 0 else { throw abandon(fresh, "rename") }
    return file
  }

  package func save(_ name: String, _ bytes: [UInt8]) throws(OwnershipProblem) {
    _ = try replace(name, with: bytes)
  }

  private func abandon(_ name: String, _ call: String) -> OwnershipProblem {
    let reason = errno
    unlinkat(descriptor, name, 0)
    return OwnershipProblem(.system(reason), "\(call) \(path)/\(name): \(String(cString: pup_error_text(reason)))")
  }

  /// A folder of ours with exactly this name; nil if it has been replaced or removed.
  package var isStillThere: Bool {
    var (named, opened) = (stat(), stat())
    return lstat(path, &named) == 0 && fstat(descriptor, &opened) == 0 && named.st_ino == opened.st_ino
      && named.st_dev == opened.st_dev
  }

  // MARK: -

  private static func refusal(_ path: String, _ code: Int32, isFolder: Bool = false) -> OwnershipProblem {
    let isLinkInstead = code == ELOOP || isFolder && code == ENOTDIR && isLink(path)
    if isLinkInstead { return .untrusted(path, "this is a symbolic link; remove it, \(elsewhere)") }
    switch code {
    case ENOENT: return OwnershipProblem(.missing, "\(path): \(String(cString: pup_error_text(code)))")
    case ENOTDIR where isFolder: return .untrusted(path, "this is not a folder; remove it, \(elsewhere)")
    // A socket, or a folder where a file is to be written.
    case ENXIO, EISDIR: return .untrusted(path, "this is not a regular file; remove it, \(elsewhere)")
    default: return OwnershipProblem(.system(code), "\(path): \(String(cString: pup_error_text(code)))")
    }
  }

  private static func isLink(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFLNK
  }
}
