internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem

/// The configuration's folder as it was when the supervisor began, to notice that it has been moved away or removed since.
final class HomeFolder: Sendable {
  let path: String
  private let folder: Descriptor

  /// Nil where it cannot be opened: then nobody can say what has become of it.
  init?(_ path: String) {
    folder = Descriptor(pup_open(path, O_RDONLY | O_DIRECTORY, 0))
    guard folder.isOpen else { return nil }
    self.path = path
  }

  /// What is wrong with it, and the way out; nil where all is well.
  func absence(keeper: Int32) -> String? {
    var (own, named) = (stat(), stat())
    guard fstat(folder.number, &own) == 0 else { return nil }
    let isThere = stat(path, &named) == 0
    // A folder that may not be looked at may still be the same one.
    if !isThere, errno != ENOENT, errno != ENOTDIR { return nil }
    guard !isThere || named.st_ino != own.st_ino || named.st_dev != own.st_dev else { return nil }
    let now = own.st_nlink == 0 ? nil : Self.target(of: "/proc/self/fd/\(folder.number)")
    let place = own.st_nlink == 0 ? "removed" : now.map { "moved to \($0)" } ?? "moved"
    return
      "\(path), the folder of this Pup, was \(place) while Pup runs. Programs run on, and files that are open are still written, but no "
      + "command finds this Pup, and what it would start works in a folder that is not there. "
      + (own.st_nlink == 0
        ? "End it: kill \(keeper)" : "Move it back, or end it (kill \(keeper)) and run 'pup run' where it is now")
  }

  func holds(_ path: String) -> Bool { PathText.isBelow(self.path, path) }

  private static func target(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = Int(pup_readlinkat(AT_FDCWD, link, &buffer, buffer.count))
    return count > 0 ? String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }
}
