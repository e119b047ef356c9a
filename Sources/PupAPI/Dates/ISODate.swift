internal import PupBasics

/// A moment, written as `2026-11-21T08:15:30.123Z`. Microseconds since 1970-01-01 UTC; years 1970 to 9999.
public struct ISODate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Microseconds since 1970-01-01T00:00:00Z, not counting leap seconds.
  public var microseconds: Int64

  /// A moment.
  /// - Parameter microseconds: since 1970-01-01T00:00:00Z.
  public init(microseconds: Int64) { self.microseconds = microseconds }
  /// A moment.
  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; values too large for microseconds are clamped.
  public init(milliseconds: Int64) {
    let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    microseconds = overflow ? (milliseconds < 0 ? .min : .max) : product
  }

  /// Milliseconds since 1970-01-01T00:00:00Z, truncated; the unit of JavaScript's `Date`.
  public var milliseconds: Int64 { microseconds / 1000 }
  /// Earlier moments come first.
  public static func < (left: ISODate, right: ISODate) -> Bool { left.microseconds < right.microseconds }

  /// Truncated to milliseconds, as written by JavaScript's `toISOString`.
  public var description: String { text }
  /// `2026-11-21T08:15:30.123Z`; moments outside the years 1970 to 9999 are clamped.
  public var text: String { ISOText.text(microseconds, .milliseconds) }

  /// Reads RFC 3339: `2026-11-21T08:15:30Z`, with or without a fraction,
  /// `Z` or an offset; also a date alone, which means midnight UTC.
  public init?(text: String) {
    guard let microseconds = ISOText.microseconds(of: text) else { return nil }
    self.init(microseconds: microseconds)
  }
}

extension ISODate: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.value(text) }
}
