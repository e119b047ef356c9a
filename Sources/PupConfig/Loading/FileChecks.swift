/// Questions about paths while a configuration is loaded. Each path is asked for once: many processes share a folder and an interpreter.
struct FileChecks {
  let environment: any ConfigurationEnvironment
  /// False: everything is taken to be in order.
  let isActive: Bool
  private var entries: [String: FileSystemEntry?] = [:]

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

  /// Why `path` cannot be a working directory, and the way out; nil where it can.
  mutating func problemOfDirectory(_ path: String) -> (what: String, fix: String)? {
    guard isActive else { return nil }
    return switch entry(at: path) {
    case .directory: nil
    case nil: ("the directory `\(path)` does not exist", "create it (mkdir -p) or correct the path")
    default: ("`\(path)` is not a directory", "give the path of a directory")
    }
  }

  /// Why `path` cannot be read as a file, and the way out; nil where it can.
  mutating func problemOfInputFile(_ path: String) -> (what: String, fix: String)? {
    guard isActive else { return nil }
    return switch entry(at: path) {
    case .file, .other: nil
    case nil: ("the file `\(path)` does not exist", "create it or correct the path")
    case .directory: ("`\(path)` is a directory", "give the path of a file in it")
    }
  }

  /// The permissions of a file that others may read, in octal digits; nil where it is the user's alone.
  func publicPermissions(of path: String) -> String? {
    guard isActive, let mode = environment.permissions(of: path), mode & 0o007 != 0 else { return nil }
    return String(mode, radix: 8)
  }

  /// Why no file can be written at `path`, and the way out; nil where one can.
  mutating func problemOfOutputFile(_ path: String) -> (what: String, fix: String)? {
    guard isActive else { return nil }
    switch entry(at: path) {
    case .directory: return ("`\(path)` is a directory", "give the path of a file in it")
    case .file(isWritable: true, program: _), .other: return nil
    case .file(isWritable: false, program: _):
      return ("`\(path)` may not be written", "change its owner or mode, or choose another path")
    case nil: break
    }
    let folder = PathText.parent(of: path)
    return switch entry(at: folder) {
    case .directory(isWritable: true): nil
    case .directory(isWritable: false):
      ("no file may be created in `\(folder)`", "change its owner or mode, or choose another folder")
    case nil: ("the folder `\(folder)` does not exist", "create it (mkdir -p) or correct the path")
    default: ("`\(folder)` is not a folder", "choose another path")
    }
  }
}
