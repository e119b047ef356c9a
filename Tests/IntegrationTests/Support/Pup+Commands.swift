internal import Glibc
internal import PupSystem
internal import PupTestSupport
internal import Testing

/// What a process is, according to the brain.
struct Status {
  var fields: [String: String]
  var explanation: String

  init(_ text: Substring) {
    var head = text
    explanation = ""
    if let range = text.range(of: " explanation=") {
      head = text[..<range.lowerBound]
      explanation = String(text[range.upperBound...])
    }
    fields = [:]
    for word in head.split(separator: " ") {
      let pair = word.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { fields[String(pair[0])] = String(pair[1]) }
    }
  }

  var id: String { fields["id"] ?? "" }
  var state: String { fields["state"] ?? "" }
  var pid: Int32 { fields["pid"].flatMap { Int32($0) } ?? 0 }
  var restarts: Int { fields["restarts"].flatMap { Int($0) } ?? -1 }
  /// The code of the last run, or `signal-9`, `unknown`, `-`.
  var exit: String { fields["exit"] ?? "" }
  var isBlocked: Bool { fields["blocked"] == "true" }
  var isHeld: Bool { fields["held"] == "true" }
}

extension Substring {
  fileprivate func range(of needle: String) -> Range<Index>? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(needle) { return at..<index(at, offsetBy: needle.count) }
      at = index(after: at)
    }
    return nil
  }
}

extension Pup {
  /// The answer: `accepted`, or `unchanged`, `unknown`, `refused` and why.
  @discardableResult
  func tell(_ action: String, _ id: String = "all", seconds: Double = 5) throws -> String {
    let prefix = "\(try channel.send("\(action) \(id)")) "
    guard let line = channel.line(until: Deadline(seconds: seconds), where: { $0.hasPrefix(prefix) }) else {
      throw Failure("no answer to '\(action) \(id)' within \(seconds) s")
    }
    return String(line.dropFirst(prefix.count))
  }

  /// Empty while a brain has not taken over yet.
  func statuses(_ id: String = "all", seconds: Double = 5) throws -> [Status] {
    let prefix = "\(try channel.send("status \(id)")) "
    let deadline = Deadline(seconds: seconds)
    var statuses: [Status] = []
    while let line = channel.line(until: deadline, where: { $0.hasPrefix(prefix) }) {
      let text = line.dropFirst(prefix.count)
      if text == "end" { return statuses }
      statuses.append(Status(text))
    }
    throw Failure("no status within \(seconds) s")
  }

  func status(_ id: String) throws -> Status {
    guard let status = try statuses(id).first else { throw Failure("the brain knows no process '\(id)'") }
    return status
  }

  func pid(_ id: String) throws -> Int32 {
    let pid = try status(id).pid
    guard pid > 0 else { throw Failure("'\(id)' has no pid: \(try status(id))") }
    return pid
  }

  /// Waits for the next brain that says it has started; `brain` is its pid from then on.
  func awaitBrain(seconds: Double = 10) throws {
    guard let line = channel.line(until: Deadline(seconds: seconds), where: { $0.hasPrefix("started ") }) else {
      throw Failure("no new brain within \(seconds) s")
    }
    brain = Int32(line.dropFirst(8)) ?? 0
  }

  /// Waits until the process (each one, for `all`) is in this state: a word of the brain's, such as "running".
  func reach(_ id: String, _ state: String, seconds: Double = 10) throws {
    let prefix = "\(try channel.send("await \(id) \(state)")) "
    guard channel.line(until: Deadline(seconds: seconds), where: { $0.hasPrefix(prefix) }) != nil else {
      throw Failure("'\(id)' is not \(state) within \(seconds) s: \((try? statuses(id).map(\.explanation)) ?? [])")
    }
  }

  /// Waits until the brain supervises.
  func awaitSupervision(seconds: Double = 10) throws { try reach("all", "", seconds: seconds) }

  /// The keeper as the lock file names it: also one that a brain started.
  func keeperPid() throws -> Int32 {
    guard let pid = Files.number("\(data)/.main.lock") else { throw Failure("nobody has written \(data)/.main.lock") }
    return pid
  }
}
