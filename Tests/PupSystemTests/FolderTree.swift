import Glibc
import PupSystem

enum FolderTree {
  /// Removes a folder and everything in it; links are not followed.
  static func remove(_ path: String) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in FolderNames.list(path) ?? [] { remove(path + "/" + name) }
    rmdir(path)
  }
}
