internal import Synchronization

/// Pup's own lines on their way to the pump: in order, from any thread, bounded.
final class EntryMailbox: Sendable {
  static let capacity = 4096

  private struct State {
    var entries: [(entry: LogEntry, time: LogTime)] = []
    var dropped = 0
  }

  private let state = Mutex(State())

  /// True when the mailbox was empty: the pump has to be called.
  func put(_ entry: LogEntry, _ time: LogTime) -> Bool {
    state.withLock { state in
      guard state.entries.count < Self.capacity else {
        state.dropped += 1
        return false
      }
      state.entries.append((entry, time))
      return state.entries.count == 1
    }
  }

  func take() -> (entries: [(entry: LogEntry, time: LogTime)], dropped: Int) {
    state.withLock { state in
      defer { state = State() }
      return (state.entries, state.dropped)
    }
  }
}
