internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupTestSupport
internal import Testing

/// Commands that talk to the running Pup.
extension Pup {
  /// The output of a command that has to succeed.
  @discardableResult
  func cli(_ words: String..., seconds: Double = 20, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let result = try command(words, seconds: seconds)
    #expect(result.code == 0, "pup \(words): \(result.output)\(result.error)", sourceLocation: sourceLocation)
    return result.output
  }

  /// Its output as JSON.
  func json(_ words: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> JSONValue {
    let result = try command(words, seconds: 20)
    #expect(result.code == 0, "pup \(words): \(result.error)", sourceLocation: sourceLocation)
    return try JSONValue(parsing: Array(result.output.utf8), limits: JSONLimits(bytes: 4 << 20))
  }

  /// The row of a table whose first word this is.
  func row(_ name: String, of table: String) -> [String] {
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.first == name { return words }
    }
    return []
  }
}

// MARK: - Beside the test

extension Pup {
  /// `pup …` next to the running Pup; with a terminal, or with its output in one file of the test's folder, and its complaints in
  /// another.
  func background(_ words: [String], terminal: String? = nil, output: String = "background") throws -> Child {
    try background(program: ["\(Machine.binaries)/pup"] + words, terminal: terminal, output: output)
  }

  func background(program: [String], terminal: String? = nil, output: String = "background") throws -> Child {
    let flags = O_WRONLY | O_CREAT | O_APPEND
    let (file, complaints) = (pup_open(path(output), flags, 0o644), pup_open(path("\(output).err"), flags, 0o644))
    defer {
      close(file)
      close(complaints)
    }
    let child = try Child(
      program, environment: environment, directory: folder, output: file, error: complaints, terminal: terminal)
    processes.insert(child, at: 0)
    return child
  }

  /// Repeats something until the file shows it, since there is no moment from which on a stream is certain to be connected.
  func untilSeen(_ file: String, _ text: String, seconds: Double = 15, _ act: () throws -> Void) throws {
    let deadline = Deadline(seconds: seconds)
    while !(Files.text(path(file)) ?? "").contains(text) {
      guard !deadline.hasPassed else {
        throw Failure("'\(text)' is not in \(file): \(Files.text(path(file)) ?? "")\n\(lastLines())")
      }
      try act()
      try? Files.wait(folder, for: text, seconds: 0.5) { (Files.text(path(file)) ?? "").contains(text) }
    }
  }
}
