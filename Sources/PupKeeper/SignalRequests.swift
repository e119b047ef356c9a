internal import Glibc

/// What has been asked of this keeper by signals. The brain is told; what it does not do, the keeper does itself.
final class SignalRequests {
  enum Demand {
    /// The first one: everything stops in order.
    case stop
    /// No more waiting.
    case kill
    case nothingNew
  }

  /// The first signal that asked for the end.
  private(set) var signal: Int32 = 0
  /// 1: stop in order. 2: kill.
  private(set) var count = 0
  private(set) var interrupts = 0
  /// CLOCK_MONOTONIC ns.
  private(set) var askedAt: Int64 = 0
  private(set) var hangUpPending = false

  var isStopping: Bool { signal != 0 }

  func terminate(_ signal: Int32, at now: Int64) -> Demand {
    if signal == SIGINT || signal == SIGQUIT { interrupts += 1 }
    if self.signal == 0 {
      (self.signal, askedAt, count) = (signal, now, 1)
      return .stop
    }
    // The second Ctrl-C is meant.
    guard interrupts > 1 else { return .nothingNew }
    count = 2
    return .kill
  }

  func hangUp() { hangUpPending = true }

  func hangUpTold() { hangUpPending = false }

  /// Time during which this process was stopped or starved does not count.
  func forgive(until now: Int64) {
    if isStopping { askedAt = max(askedAt, now) }
  }

  // MARK: Through an exec

  func save(to state: inout KeeperState) {
    (state.terminateSignal, state.terminateCount, state.interrupts) = (signal, count, interrupts)
    (state.terminateAskedAt, state.hangUpPending) = (askedAt, hangUpPending)
  }

  func resume(_ state: KeeperState) {
    (signal, count, interrupts) = (state.terminateSignal, state.terminateCount, state.interrupts)
    (askedAt, hangUpPending) = (state.terminateAskedAt, state.hangUpPending)
  }
}
