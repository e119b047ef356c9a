internal import CLinux
internal import Glibc
internal import PupSystem

/// Removes a folder with everything in it. Symbolic links are removed, never followed, and every step uses an open descriptor, so
/// that nobody can redirect it in the meantime.
package enum FolderRemoval {
  /// What cannot be removed stays.
  package static func remove(_ path: String) {
    let folder = Descriptor(pup_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0))
    guard folder.isOpen else { return }
    empty(folder, depth: 0)
    rmdir(path)
  }

  /// A cgroup's files cannot be unlinked; its folders can, once they are empty.
  static func removeCgroups(_ base: String) {
    for name in FolderNames.list(base) ?? [] { rmdir("\(base)/\(name)") }
    rmdir(base)
  }

  private static func empty(_ folder: Descriptor, depth: Int) {
    guard depth < 64 else { return }
    for name in FolderNames.list(descriptor: folder.number) ?? [] where unlinkat(folder.number, name, 0) != 0 {
      let below = Descriptor(pup_openat(folder.number, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0))
      guard below.isOpen else { continue }
      empty(below, depth: depth + 1)
      unlinkat(folder.number, name, AT_REMOVEDIR)
    }
  }
}
