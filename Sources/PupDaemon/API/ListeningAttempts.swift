internal import PupSystem

/// How often one place could not be listened on, and when it is tried again.
struct ListeningAttempts {
  private static let longestPause: Int64 = 60_000_000_000

  private(set) var failures = 0
  private var pause: Int64 = 1_000_000_000
  var timer: Timer?

  /// Counts a failure: how long to wait after it, in nanoseconds.
  mutating func fail() -> Int64 {
    failures += 1
    defer { pause = min(pause * 2, Self.longestPause) }
    return pause
  }
}
