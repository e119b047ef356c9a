internal import PupBasics

/// Checks of paths while a configuration is loaded. Each path is
/// looked up once: many processes share a folder and an interpreter.
struct FileChecks {
  let environment: any ConfigurationEnvironment
  /// If false, all paths are assumed to be in order.
  let isActive: Bool
  private var entries: [String: FileSystemEntry?] = [:]
  private var obstacles: [String: String?] = [:]

  init(environment: any ConfigurationEnvironment, isActive: Bool) {
    self.environment = environment
    self.isActive = isActive
  }

  mutating func entry(at path: String) -> FileSystemEntry? {
    if let known = entries[path] { return known }
    let found = environment.entry(at: path)
    entries[path] = .some(found)
    return found
  }

  /// Why `path` cannot be a working directory, and the fix; nil if it can.
  mutating func problemOfDirectory(_ path: String) -> (what: String, fix: String)? {
    guard isActive, let obstacle = obstacle(toEntering: path) else { return nil }
    return (
      "the working directory `\(path)` cannot be entered (\(obstacle))",
      "create it, or correct the path; until then, every start of the process fails and its restart policy tries again"
    )
  }

  private mutating func obstacle(toEntering path: String) -> String? {
    if let known = obstacles[path] { return known }
    let found = environment.obstacle(toEntering: path)
    obstacles[path] = .some(found)
    return found
  }

  /// Why `path` cannot be read as a file, and the fix; nil if it can.
  mutating func problemOfInputFile(_ path: String) -> (what: String, fix: String)? {
    guard isActive else { return nil }
    return switch entry(at: path) {
    case .file, .other: nil
    case nil: ("the file `\(path)` does not exist", "create it or correct the path")
    case .directory: ("`\(path)` is a directory", "give the path of a file in it")
    }
  }

  /// The permissions of a file that others can read, in octal; nil if only its owner can.
  func publicPermissions(of path: String) -> String? {
    guard isActive, let mode = environment.permissions(of: path), mode & 0o007 != 0 else { return nil }
    return String(mode, radix: 8)
  }

  /// Why no file can be written at `path`, and the fix; nil if one can.
  /// A missing folder is created when needed, inside an existing one.
  mutating func problemOfOutputFile(_ path: String) -> (what: String, fix: String)? {
    guard isActive else { return nil }
    switch entry(at: path) {
    case .directory: return ("`\(path)` is a directory", "give the path of a file in it")
    case .file(isWritable: true, program: _), .other: return nil
    case .file(isWritable: false, program: _):
      return ("`\(path)` is not writable", "change its owner or mode, or choose another path")
    case nil: break
    }
    let folder = PathText.parent(of: path)
    if let obstacle = obstacle(toEntering: folder) {
      if entry(at: folder) == nil, case .directory(isWritable: true) = entry(at: PathText.parent(of: folder)) { return nil }
      return ("the folder `\(folder)` cannot be written to (\(obstacle))", "create it (mkdir -p) or correct the path")
    }
    if case .directory(isWritable: false) = entry(at: folder) {
      return ("files cannot be created in `\(folder)`", "change its owner or mode, or choose another folder")
    }
    return nil
  }
}
