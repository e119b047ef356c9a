import PupConfig

/// A machine that contains exactly what a test defines.
struct StubEnvironment: ConfigurationEnvironment {
  var variables = ["PATH": "/usr/bin:/bin", "HOME": "/root"]
  var entries: [String: FileSystemEntry] = [
    "/srv": .directory(isWritable: true), "/srv/app": .directory(isWritable: true), "/srv/locked": .directory(isWritable: false),
    "/srv/file": .file(isWritable: true, program: .notExecutable),
    "/srv/frozen": .file(isWritable: false, program: .notExecutable),
    "/srv/script.py": .file(isWritable: true, program: .notExecutable),
    "/srv/tool": .file(isWritable: true, program: .executable),
    "/srv/text": .file(isWritable: true, program: .shellText), "/usr/bin/foo": .file(isWritable: false, program: .executable),
    "/usr/bin/sleep": .file(isWritable: false, program: .executable),
    "/bin/sleep": .file(isWritable: false, program: .executable),
    "/usr/bin/plain": .file(isWritable: false, program: .shellText), "/bin/echo": .file(isWritable: false, program: .executable),
  ]
  var texts: [String: String] = [:]
  var locked: Set<String> = []
  var modes: [String: UInt32] = [:]
  var zones: [String: [UInt8]] = [:]

  func entry(at path: String) -> FileSystemEntry? { entries[path] }
  func contents(of path: String, limit: Int) -> [UInt8]? { texts[path].map { Array($0.utf8.prefix(limit)) } }
  func obstacle(toEntering path: String) -> String? {
    switch entries[path] {
    case .directory: locked.contains(path) ? "Permission denied" : nil
    case nil: "No such file or directory"
    default: "Not a directory"
    }
  }
  func permissions(of path: String) -> UInt32? { entries[path].map { _ in modes[path] ?? 0o600 } }
  var zoneNames: [String] { ["America/New_York", "Europe/Stockholm", "Asia/Tokyo"] }
  func zoneData(named name: String?) -> [UInt8]? { zones[name ?? "machine"] }

  /// Adds programs to /usr/bin.
  func with(programs: String...) -> StubEnvironment {
    var copy = self
    for name in programs { copy.entries["/usr/bin/" + name] = .file(isWritable: false, program: .executable) }
    return copy
  }

  func load(_ text: String, checkingFiles: Bool = true) -> ConfigurationReport {
    PupConfiguration.load(
      bytes: Array(text.utf8), path: "pup.json", directory: "/srv", environment: self, checkingFiles: checkingFiles)
  }

  /// A configuration with one process that has these members.
  func process(_ members: String) -> ConfigurationReport { load("{ processes: [{ \(members) }] }") }
}
