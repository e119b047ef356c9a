internal import Glibc
internal import PupSystem

/// How the keeper ends one run by itself. Times are CLOCK_MONOTONIC ns.
struct StopPlan {
  var termAt: Int64
  var killAt: Int64
  var termSent = false

  init(termAt: Int64, killAt: Int64, termSent: Bool = false) {
    (self.termAt, self.killAt, self.termSent) = (termAt, killAt, termSent)
  }

  /// - Parameters:
  ///   - grace: until SIGTERM, in nanoseconds.
  ///   - timeout: until SIGKILL; not before SIGTERM.
  init(askedAt: Int64, grace: UInt64, timeout: UInt64) {
    self.init(termAt: Self.time(askedAt, grace), killAt: Self.time(askedAt, max(timeout, grace)))
  }

  /// The last moment that there is, for a span that nobody lives to see the end of.
  private static func time(_ begin: Int64, _ span: UInt64) -> Int64 {
    let end = begin.addingReportingOverflow(Int64(clamping: span))
    return end.overflow ? .max : end.partialValue
  }

  var deadline: Int64 { termSent ? killAt : min(termAt, killAt) }

  /// The signal that is due; SIGKILL is repeated each second.
  mutating func step(_ now: Int64) -> Int32? {
    if killAt <= now {
      killAt = now + Clock.second
      termSent = true
      return SIGKILL
    }
    guard termAt <= now, !termSent else { return nil }
    termSent = true
    return SIGTERM
  }
}
