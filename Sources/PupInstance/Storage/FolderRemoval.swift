internal import CLinux
internal import Glibc
internal import PupSystem

/// Removes a folder with all that is in it. Symbolic links are removed, never followed, and every step goes through an open descriptor, so
/// that nobody can lead it elsewhere meanwhile.
package enum FolderRemoval {
  /// What cannot be removed stays.
  package static func remove(_ path: String) {
    let descriptor = pup_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
    guard descriptor >= 0 else { return }
    empty(descriptor, depth: 0)
    close(descriptor)
    rmdir(path)
  }

  /// A cgroup's files cannot be unlinked; its folders can, once they are empty.
  static func removeCgroups(_ base: String) {
    for name in FolderNames.list(base) ?? [] { rmdir("\(base)/\(name)") }
    rmdir(base)
  }

  private static func empty(_ directory: Int32, depth: Int) {
    guard depth < 64 else { return }
    for name in FolderNames.list(descriptor: directory) ?? [] where unlinkat(directory, name, 0) != 0 {
      let below = pup_openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
      guard below >= 0 else { continue }
      empty(below, depth: depth + 1)
      close(below)
      unlinkat(directory, name, AT_REMOVEDIR)
    }
  }
}
