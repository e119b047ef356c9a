/// Paths as text: joined, cleaned up and split without asking the file system. A slash is a byte, as for the kernel: a combining
/// mark after it, with which a name may begin, does not turn it into another character.
package enum PathText {
  /// `path` relative to `directory`; an absolute path is unchanged. `.` and repeated slashes are removed; `..` is kept if it
  /// could cross a symbolic link, because only the kernel knows where it leads.
  package static func join(_ directory: String, _ path: String) -> String {
    let joined = isAbsolute(path) ? path : directory + "/" + path
    return (isAbsolute(joined) ? "/" : "") + parts(of: joined).filter { $0 != "." }.joined(separator: "/")
  }

  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  /// The folder that holds `path`: "/" for its direct entries, "." for a bare name.
  package static func parent(of path: String) -> String {
    guard let start = start(of: path) else { return "." }
    return start.isEmpty ? "/" : start
  }

  /// The last part of `path`; "" if it ends with a slash.
  package static func name(of path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path.utf8[path.utf8.index(after: $0)...]) ?? "" } ?? path
  }

  /// The text before the last slash, unchanged: "" for direct entries of "/". Nil without a slash.
  package static func start(of path: String) -> String? {
    path.utf8.lastIndex(of: slash).map { String(path.utf8[..<$0]) ?? "" }
  }

  /// The parts between slashes, without empty ones.
  package static func parts(of path: String) -> [String] { path.utf8.split(separator: slash).map { String(Substring($0)) } }

  /// Whether it is a path rather than a bare name.
  package static func hasSlash(_ path: String) -> Bool { path.utf8.contains(slash) }

  /// Whether `path` is somewhere below `folder`.
  package static func isBelow(_ folder: String, _ path: String) -> Bool {
    let start = folder.utf8.last == slash ? folder : folder + "/"
    return path.utf8.starts(with: start.utf8) && path.utf8.count > start.utf8.count
  }

  private static let slash = UInt8(ascii: "/")
}
