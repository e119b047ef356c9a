internal import Glibc
internal import PupCore
internal import PupLogs
internal import PupTestSupport

extension Pup {
  var logs: LogReader { LogReader(directory: "\(data)/logs") }

  /// The texts of a process's lines in the store.
  func lines(of process: String = "core", category: String? = nil) -> [String] {
    logs.lines(LogQuery(processes: [process])).filter { category == nil || $0.category == category }
      .map { String(decoding: $0.text, as: UTF8.self) }
  }

  /// The texts of Pup's own lines about a topic.
  func lines(of process: String = "core", category: LogCategory, _ severity: LogSeverity? = nil) -> [String] {
    logs.lines(LogQuery(processes: [process])).filter {
      $0.category == category.rawValue && (severity == nil || $0.severity == severity)
    }.map { String(decoding: $0.text, as: UTF8.self) }
  }

  /// The texts of what a process itself has written.
  func output(of process: String) -> [String] {
    logs.lines(LogQuery(processes: [process])).filter { $0.category.hasPrefix("std") }.map {
      String(decoding: $0.text, as: UTF8.self)
    }
  }

  func count(of text: String, in process: String = "core") -> Int { lines(of: process).count { $0.contains(text) } }

  /// Waits for Pup's own lines about a topic.
  /// - Parameters:
  ///   - severity: nil for any.
  ///   - name: what the line is about: a file, an address, a pid. Never a part of a sentence.
  /// - Returns: the text of the line that makes the count full.
  @discardableResult
  func wait(
    for category: LogCategory, _ severity: LogSeverity? = nil, in process: String = "core", naming name: String = "",
    count: Int = 1, seconds: Double = 10
  ) throws -> String {
    let what = "\(count) × [\(category.rawValue)]\(name.isEmpty ? "" : " about \(name)")"
    return try wait(for: what, in: process, seconds: seconds) { _ in
      lines(of: process, category: category, severity).filter { name.isEmpty || $0.contains(name) }.dropFirst(count - 1).first
    }
  }

  /// Waits until this many lines that a program has written contain the text; returns the last of them.
  @discardableResult
  func wait(for text: String, in process: String = "core", count: Int = 1, seconds: Double = 10) throws -> String {
    try wait(for: "\(count) × '\(text)'", in: process, seconds: seconds) { lines in
      let matching = lines.filter { $0.contains(text) }
      return matching.count >= count ? matching.last : nil
    }
  }

  /// Waits until `find` returns something; it is called again whenever the process has logged something.
  @discardableResult
  func wait<Found>(
    for what: String, in process: String = "core", seconds: Double = 10, _ find: ([String]) -> Found?
  ) throws -> Found {
    let query = LogQuery(processes: [process], follow: true)
    let deadline = Deadline(seconds: seconds)
    let follower = try LogFollower(query, from: logs.snapshot(query))
    while true {
      if let found = find(lines(of: process)) { return found }
      if let ending = self.process?.ending, !outlivesKeeper, deadline.milliseconds > 500 {
        // Its last lines are in the files by now.
        if let found = find(lines(of: process)) { return found }
        throw Failure("awaited \(what) of \(process), but Pup has ended: \(ending)\n\(complaints)")
      }
      guard !deadline.hasPassed else { throw Failure("awaited \(what) of \(process) for \(seconds) s in vain") }
      // Periodically without a line, to notice Pup's own end.
      _ = follower.poll(timeoutMilliseconds: min(deadline.milliseconds, 500))
    }
  }

  /// Waits for a file in the test's folder; returns its first line.
  @discardableResult
  func waitForFile(_ name: String, seconds: Double = 10) throws -> String {
    try Files.wait(folder, for: name, seconds: seconds) { !Files.lines(path(name)).isEmpty }
    return Files.lines(path(name))[0]
  }

  /// Waits until the keeper's or the command line's complaints contain the text.
  func waitForComplaint(_ text: String, seconds: Double = 10) throws {
    try Files.wait(folder, for: "the complaint '\(text)'", seconds: seconds) { complaints.contains(text) }
  }

  /// What helps to understand a failure.
  func lastLines() -> String {
    let core = logs.lines(LogQuery(processes: ["core"], last: 25)).map {
      "  \(Timestamp.text($0.time)) \($0.category) \(String(decoding: $0.text.prefix(300), as: UTF8.self))"
    }
    return "core's last lines:\n\(core.joined(separator: "\n"))\ncomplaints:\n\(complaints.suffix(2000))"
  }
}
