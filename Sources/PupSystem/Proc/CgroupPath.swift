/// Where a process is in the cgroup hierarchy, according to /proc/PID/cgroup.
package struct CgroupPath {
  private let parts: [Substring]

  package init(_ text: String) { parts = text.split(separator: "/") }

  /// The part of the path right below this folder; nil if it is not below it. As in `isInside`.
  package func child(of folder: String) -> String? {
    let folder = folder.split(separator: "/")
    guard let name = folder.last else { return nil }
    for index in parts.indices.dropLast() where parts[index] == name && folder.count > index {
      if folder.suffix(index + 1).elementsEqual(parts[...index]) { return String(parts[index + 1]) }
    }
    return nil
  }

  /// Whether it is in the cgroup of this folder, or in one below. The path begins where this process's view of the hierarchy
  /// does, the folder's name where that is mounted.
  package func isInside(folder: String) -> Bool {
    let folder = folder.split(separator: "/")
    guard let name = folder.last else { return false }
    return parts.indices.contains { index in
      parts[index] == name && folder.count > index && folder.suffix(index + 1).elementsEqual(parts[...index])
    }
  }
}
