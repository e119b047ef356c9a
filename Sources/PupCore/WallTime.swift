/// A point on the calendar clock (`CLOCK_REALTIME`), which people and NTP may set; microseconds since 1970-01-01 UTC.
package struct WallTime: Hashable, Comparable, Sendable {
  package var microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func < (left: WallTime, right: WallTime) -> Bool { left.microseconds < right.microseconds }
}
