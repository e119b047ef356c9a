/// What a sink does while it cannot write: it drops lines, counts them, and retries with growing pauses.
struct SinkFailure {
  private static let firstPause: Int64 = 100_000_000
  private static let longestPause: Int64 = 5_000_000_000

  /// "write: No space left on device"; nil while the sink works.
  private(set) var reason: String?
  /// CLOCK_BOOTTIME, nanoseconds.
  private(set) var retryAt: Int64 = 0
  private var pause = SinkFailure.firstPause

  func isWaiting(_ moment: LogMoment) -> Bool { reason != nil && moment.boot < retryAt }

  /// True if the sink worked until now, which is worth a line.
  mutating func fail(_ reason: String, _ moment: LogMoment, isBrief: Bool = false) -> Bool {
    let isNew = self.reason == nil
    self.reason = reason
    if isNew || isBrief { pause = Self.firstPause }
    retryAt = moment.boot + pause
    pause = min(pause * 2, Self.longestPause)
    return isNew
  }

  mutating func recover() { reason = nil }
}
