/// Which lines to read from the log store.
package struct LogQuery: Hashable, Sendable {
  /// Process ids, without regard to case; nil is every process.
  package var processes: [String]?
  /// First moment, included.
  package var start: LogTime?
  /// Last moment, included.
  package var end: LogTime?
  /// Lines of this severity.
  package var severity: LogSeverity?
  /// Those that are worse as well.
  package var includesWorse = false
  /// Only this many of the newest lines that match everything else; nil is all of them.
  package var last: Int?
  /// Continue with new lines after the existing ones.
  package var follow: Bool

  package init(
    processes: [String]? = nil, start: LogTime? = nil, end: LogTime? = nil, severity: LogSeverity? = nil, last: Int? = nil,
    follow: Bool = false
  ) {
    self.processes = processes
    self.start = start
    self.end = end
    self.severity = severity
    self.last = last
    self.follow = follow
  }

  func includes(process id: String) -> Bool {
    guard let processes else { return true }
    let folded = id.lowercased()
    return processes.contains { $0.lowercased() == folded }
  }

  func includes(_ severity: LogSeverity) -> Bool {
    guard let wanted = self.severity else { return true }
    return severity == wanted || includesWorse && severity > wanted
  }
}
