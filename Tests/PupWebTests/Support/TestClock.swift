import Synchronization

/// Seconds since 1970 that a test can move.
final class TestClock: Sendable {
  private let value = Mutex<Int64>(1_795_248_930)

  var seconds: Int64 { value.withLock { $0 } }
  func advance(_ seconds: Int64) { value.withLock { $0 += seconds } }
}
