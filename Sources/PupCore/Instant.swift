/// A point on the clock that keeps running while the machine sleeps and never steps (`CLOCK_BOOTTIME`), in nanoseconds.
package struct Instant: Hashable, Comparable, Sendable {
  package var nanoseconds: Int64

  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Saturates instead of trapping, because a configured delay may be as large as the type allows.
  package static func + (instant: Instant, delay: Delay) -> Instant {
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(delay.nanoseconds)
    return Instant(nanoseconds: overflow ? .max : sum)
  }
}
