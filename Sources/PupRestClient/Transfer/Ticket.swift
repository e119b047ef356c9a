internal import Synchronization

/// Connects a transfer's number with the cancellation of its task, whichever comes first.
final class Ticket: Sendable {
  private let state = Mutex<(number: UInt64?, isCancelled: Bool)>((nil, false))

  /// True if the task has already been cancelled.
  func issue(_ number: UInt64) -> Bool {
    state.withLock { state in
      state.number = number
      return state.isCancelled
    }
  }

  /// The transfer to cancel.
  func cancel() -> UInt64? {
    state.withLock { state in
      state.isCancelled = true
      return state.number
    }
  }
}
