internal import CLinux
internal import Glibc
internal import PupSystem

/// Recognizes the files of an open database: whether they are still the ones at its path. Safe to use from any thread.
///
/// Its descriptors are O_PATH: closing any other descriptor of the file would give up SQLite's locks on it. So they may be closed
/// at any time.
final class FileAnchor: Sendable {
  enum Place: Hashable, Sendable {
    case there
    /// Removed, or another file is at the path, or SQLite's files next to it are gone: whatever is written would be lost.
    case lost
    /// The whole folder has been renamed; the file in it is intact.
    case away
  }

  /// O_PATH, which Glibc hides from Swift; the same number on x86-64 and AArch64.
  private static let pathOnly: Int32 = 0o10000000

  private let path: String
  /// The database, and SQLite's files next to it.
  private let files: [(suffix: String, descriptor: Descriptor)]

  init(_ path: String, in folder: OwnFolder, _ name: String) {
    self.path = path
    files = ["", "-wal", "-shm"].compactMap { suffix in
      let descriptor = Descriptor(
        pup_openat(folder.descriptor, name + suffix, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC, 0))
      return descriptor.isOpen ? (suffix, descriptor) : nil
    }
  }

  var place: Place {
    guard let (folder, name) = try? OwnFolder.holding(path) else { return isLinked ? .away : .lost }
    return files.allSatisfy { isSame($0.descriptor, folder, name + $0.suffix) } ? .there : .lost
  }

  /// Whether the database itself is at its path.
  func isAtPath(_ folder: OwnFolder, _ name: String) -> Bool { files.first.map { isSame($0.descriptor, folder, name) } ?? false }

  private var isLinked: Bool {
    var info = stat()
    guard let file = files.first, fstat(file.descriptor.number, &info) == 0 else { return false }
    return info.st_nlink > 0
  }

  private func isSame(_ descriptor: Descriptor, _ folder: OwnFolder, _ name: String) -> Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor.number, &own) == 0 && fstatat(folder.descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0
      && own.st_ino == named.st_ino && own.st_dev == named.st_dev
  }
}
