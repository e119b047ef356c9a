internal import Glibc
internal import PupSystem

/// Finds the folder of an instance's cgroups by its name, wherever the Pup that created it was started.
enum CgroupSearch {
  /// Deeper than any service manager nests.
  private static let deepest = 12

  /// Only those of this user: below a cgroup that was delegated to another user, that user can create folders of any name.
  static func folders(named name: String) -> [String] {
    guard let mount = CgroupHierarchy.current()?.mount else { return [] }
    var found: [String] = []
    look(in: mount, for: name, depth: 0, &found)
    return found
  }

  static func isOwn(_ folder: String) -> Bool {
    var info = stat()
    return lstat(folder, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR && info.st_uid == geteuid()
  }

  private static func look(in folder: String, for name: String, depth: Int, _ found: inout [String]) {
    guard depth < deepest, let stream = opendir(folder) else { return }
    var below: [String] = []
    while let entry = readdir(stream) {
      guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
      let child = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if child != ".", child != ".." { below.append(child) }
    }
    closedir(stream)
    for child in below {
      let path = "\(folder)/\(child)"
      if child == name, isOwn(path) { found.append(path) } else { look(in: path, for: name, depth: depth + 1, &found) }
    }
  }
}
