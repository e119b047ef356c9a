internal import Glibc

/// What a user may do with files, according to owner, group and mode. (Access
/// control lists are ignored: they can only be evaluated as that user.)
package struct UserAccess: Sendable {
  private let user: uid_t
  private let groups: Set<gid_t>

  /// Nil if there is no such user.
  package init?(name: String) {
    guard let entry = getpwnam(name) else { return nil }
    user = entry.pointee.pw_uid
    var list = [gid_t](repeating: 0, count: 1024)
    var count = Int32(list.count)
    // If a user is in more groups than that, only the first ones are considered.
    getgrouplist(name, entry.pointee.pw_gid, &list, &count)
    groups = Set(list.prefix(Int(max(0, min(count, Int32(list.count)))))).union([entry.pointee.pw_gid])
  }

  /// The nearest existing folder at or above `path`.
  package static func nearestFolder(to path: String) -> String {
    var path = path
    while path != "/" {
      var info = stat()
      if stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR { return path }
      path = ServiceInstaller.parent(of: path)
    }
    return path
  }

  /// Whether files can be created in a folder.
  package func canWrite(in folder: String) -> Bool { canReach(folder) && allows(folder, 0o3) }

  package func canRead(_ file: String) -> Bool { canReach(ServiceInstaller.parent(of: file)) && allows(file, 0o4) }

  /// Whether every folder on the path may be entered, including this one.
  private func canReach(_ folder: String) -> Bool {
    var folder = folder
    while true {
      guard allows(folder, 0o1) else { return false }
      if folder == "/" { return true }
      folder = ServiceInstaller.parent(of: folder)
    }
  }

  /// - Parameter wanted: read 4, write 2, enter 1.
  private func allows(_ path: String, _ wanted: mode_t) -> Bool {
    var info = stat()
    guard stat(path, &info) == 0 else { return false }
    if user == 0 { return true }
    let shift: mode_t = info.st_uid == user ? 6 : groups.contains(info.st_gid) ? 3 : 0
    return info.st_mode >> shift & wanted == wanted
  }
}
