internal import Glibc

/// What distinguishes one state of a file from another without reading it.
struct FileIdentity: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case directory, file, link, other }

  var kind: Kind
  var device: UInt64
  var inode: UInt64
  var size: Int64
  /// Nanoseconds since 1970.
  var modified: Int64
  var links: UInt64

  private init(_ info: stat) {
    kind =
      switch info.st_mode & S_IFMT {
      case S_IFDIR: .directory
      case S_IFREG: .file
      case S_IFLNK: .link
      default: .other
      }
    device = UInt64(info.st_dev)
    inode = UInt64(info.st_ino)
    size = Int64(info.st_size)
    modified = Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
    links = UInt64(info.st_nlink)
  }

  /// nil if there is nothing, or nothing that this user may see.
  init?(at path: RawPath, follow: Bool) {
    var info = stat()
    guard path.withCString({ fstatat(AT_FDCWD, $0, &info, follow ? 0 : AT_SYMLINK_NOFOLLOW) }) == 0 else { return nil }
    self.init(info)
  }

  /// Of a name inside an open directory, links not followed.
  init?(in directory: Int32, name: UnsafePointer<CChar>) {
    var info = stat()
    guard fstatat(directory, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    self.init(info)
  }

  func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode && kind == other.kind }
}
