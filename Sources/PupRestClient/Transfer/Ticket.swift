internal import Synchronization

/// Brings a transfer's number and the cancellation of its task together, whichever comes first.
final class Ticket: Sendable {
  private let state = Mutex<(number: UInt64?, isCancelled: Bool)>((nil, false))

  /// True when the task has been cancelled already.
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
