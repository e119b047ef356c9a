/// One report to an observer of the pump: new lines of one process, or how many were left out.
package struct LogObservation: Hashable, Sendable {
  /// `LogEntry.core` for lines about the supervisor itself.
  package var process: String
  /// In order, as the store has them: without terminal escape sequences, long ones in pieces. Empty if all were left out.
  package var lines: [LogLine]
  /// How many lines came after `lines` and are not passed on, because the program is faster than any reader. They are in the
  /// store.
  package var dropped: Int

  package init(process: String, lines: [LogLine], dropped: Int) {
    self.process = process
    self.lines = lines
    self.dropped = dropped
  }
}

/// Called on the log loop: it must not block, nor call back into the pump for an answer. Every line comes at most once.
package typealias LogObserver = @Sendable (LogObservation) -> Void
