import Synchronization

/// Stands still until a test moves it on.
final class ManualClock: Sendable {
  private let time = Mutex<Int64>(1_000_000_000_000)

  /// Nanoseconds.
  var now: Int64 { time.withLock { $0 } }

  func advance(by nanoseconds: Int64) { time.withLock { $0 += nanoseconds } }
}
