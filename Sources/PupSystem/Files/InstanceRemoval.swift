internal import Glibc

/// Removes what an instance has created, by name and nothing else: a folder may contain files that are not Pup's. The process
/// that ends an instance does it: brain, keeper or `pup sweep`.
package enum InstanceRemoval {
  /// - Parameters:
  ///   - runtime: the folder of the shared files; "" for none.
  ///   - temporary: the folder that names it.
  package static func remove(runtime: String, temporary: String) {
    if !runtime.isEmpty { removeRuntime(runtime) }
    guard let folder = try? OwnFolder(temporary) else { return }
    let isOurs = RuntimePointer.read(in: folder)?.madeTemporary == true
    // If the interface's socket is elsewhere, one of the same name here is not ours.
    let isSocketElsewhere = faccessat(folder.descriptor, InstanceFiles.socketPointer, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    for name in InstanceFiles.temporary where name != InstanceFiles.socket || !isSocketElsewhere { unlink(name, in: folder) }
    // Fails if a program, or anyone else, has put something there.
    if isOurs { rmdir(temporary) }
  }

  private static func removeRuntime(_ path: String) {
    guard let folder = try? OwnFolder(path) else { return }
    for name in InstanceFiles.runtime { unlink(name, in: folder) }
    rmdir(path)
  }

  private static func unlink(_ name: String, in folder: OwnFolder) {
    var info = stat()
    guard fstatat(folder.descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return }
    // Only the interface's socket is one.
    guard (info.st_mode & S_IFMT == S_IFSOCK) == (name == InstanceFiles.socket) else { return }
    unlinkat(folder.descriptor, name, 0)
    unlinkat(folder.descriptor, name + ".new", 0)
  }
}
