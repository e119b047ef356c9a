/// What an observer of the pump is told at a time: new lines of one process, or how many were left out.
package struct LogObservation: Hashable, Sendable {
  /// `LogEntry.core` for lines about the supervisor itself.
  package var process: String
  /// In their order, as the store has them: without terminal escape sequences, long ones in pieces. Empty when all were left out.
  package var lines: [LogLine]
  /// So many lines came behind `lines` and are not handed out: the program is faster than any reader. They are in the store.
  package var dropped: Int

  package init(process: String, lines: [LogLine], dropped: Int) {
    self.process = process
    self.lines = lines
    self.dropped = dropped
  }
}

/// Called on the log loop: it must not block, and not call back into the pump for an answer. Every line at most once.
package typealias LogObserver = @Sendable (LogObservation) -> Void
