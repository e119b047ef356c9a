/// Paths as text: joined and tidied without asking the file system.
package enum PathText {
  /// `path` as seen from `directory`; an absolute path stays as it is. `.` and doubled slashes are removed; `..` is kept where it
  /// could cross a symbolic link, because only the kernel knows where it leads.
  package static func join(_ directory: String, _ path: String) -> String {
    let joined = path.hasPrefix("/") ? path : directory + "/" + path
    let parts = joined.split(separator: "/", omittingEmptySubsequences: true).filter { $0 != "." }
    return (joined.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// The folder that holds `path`.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of `path`.
  package static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
