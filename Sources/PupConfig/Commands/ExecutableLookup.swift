internal import PupBasics

/// Finds a program the way execvp(3) and the shell do.
enum ExecutableLookup {
  enum Result: Hashable {
    case found(path: String, ProgramKind)
    /// Absent, or not executable.
    case missing
  }

  /// - Parameters:
  ///   - name: a bare name is looked up in `searchPath`; one with a slash is a path relative to `directory`.
  ///   - directory: the working directory; an empty element of `searchPath` means it, too.
  static func find(
    _ name: String, searchPath: String, directory: String, entry: (String) -> FileSystemEntry?
  ) -> Result {
    if name.isEmpty { return .missing }
    if PathText.hasSlash(name) {
      let path = PathText.join(directory, name)
      guard case .file(isWritable: _, let program) = entry(path) else { return .missing }
      return .found(path: path, program)
    }
    for folder in searchPath.split(separator: ":", omittingEmptySubsequences: false) {
      let path = PathText.join(PathText.join(directory, folder.isEmpty ? "." : String(folder)), name)
      if case .file(isWritable: _, let program) = entry(path), program != .notExecutable { return .found(path: path, program) }
    }
    return .missing
  }
}
