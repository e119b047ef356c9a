package import PupBasics

/// A line of Pup's own, about itself (process `core`) or about a process.
package struct LogEntry: Hashable, Sendable {
  /// The process id of lines about the supervisor itself.
  package static let core = "core"

  package var severity: LogSeverity
  /// One word: "starting", "finished", "lost". Blanks and control characters are shown as `_`.
  package var category: String
  /// Line breaks split it into several lines.
  package var text: String
  package var process: String
  package var tone = LogTone.ordinary
  /// The kind of the event that says the same; for live readers, who get both.
  package var event: String?
  /// False for what goes only to the log.
  package var isForConsole = true
  /// About the end of a run: it waits a moment for what the process has written before.
  package var followsOutput = false

  package init(_ severity: LogSeverity, _ category: String, _ text: String, process: String = LogEntry.core) {
    self.severity = severity
    self.category = category
    self.text = text
    self.process = process
  }
}
