/// A moment on the calendar's clock: microseconds since 1970-01-01 UTC.
package struct LogTime: Hashable, Comparable, Sendable {
  package var microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func < (left: LogTime, right: LogTime) -> Bool { left.microseconds < right.microseconds }
}
