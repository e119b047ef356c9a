/// A moment on the calendar's clock: microseconds since 1970-01-01 UTC.
package struct LogTime: Hashable, Comparable, Sendable {
  package var microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func < (left: LogTime, right: LogTime) -> Bool { left.microseconds < right.microseconds }

  /// The last moment with a year of four digits: what a fixed-width timestamp can show.
  static let latest: Int64 = 253_402_300_799_999_999
}
