internal import CLinux

/// A moment on the monotonic clock until which something is awaited.
struct Deadline {
  private let at: Int64

  /// A deadline is there for what never comes; it must not fail what comes late on a busy machine. Waits of under two seconds
  /// expect that nothing comes, and are taken as they are.
  private static let patience = 4.0

  init(seconds: Double) {
    at = pup_clock_now(PUP_CLOCK_MONOTONIC) + Int64((seconds < 2 ? seconds : seconds * Self.patience) * 1e9)
  }

  /// For poll(2); 0 when it has passed.
  var milliseconds: Int32 { Int32(clamping: max(0, (at - pup_clock_now(PUP_CLOCK_MONOTONIC) + 999_999) / 1_000_000)) }

  var hasPassed: Bool { pup_clock_now(PUP_CLOCK_MONOTONIC) >= at }
}

/// Measures.
struct Stopwatch {
  private let start = pup_clock_now(PUP_CLOCK_MONOTONIC)

  var milliseconds: Double { Double(pup_clock_now(PUP_CLOCK_MONOTONIC) - start) / 1e6 }
}
