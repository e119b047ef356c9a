/// A moment, written as `2026-11-21T08:15:30.123Z`. Microseconds since 1970-01-01 UTC; years 1970 to 9999.
public struct ISODate: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var microseconds: Int64

  /// A moment.
  /// - Parameter microseconds: since 1970-01-01T00:00:00Z.
  public init(microseconds: Int64) { self.microseconds = microseconds }
  /// A moment.
  /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; what is too large for microseconds becomes the largest.
  public init(milliseconds: Int64) {
    let (product, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    microseconds = overflow ? (milliseconds < 0 ? .min : .max) : product
  }

  /// Since 1970-01-01T00:00:00Z, cut; the unit of JavaScript's `Date`.
  public var milliseconds: Int64 { microseconds / 1000 }
  /// The earlier one first.
  public static func < (left: ISODate, right: ISODate) -> Bool { left.microseconds < right.microseconds }

  /// Cut to milliseconds, as JavaScript's `toISOString` writes it.
  public var description: String { text }
  /// `2026-11-21T08:15:30.123Z`; moments outside the years 1970 to 9999 become the nearer end.
  public var text: String {
    // Days are counted from 1 March of year 0, so that the leap day is the last of its year.
    let latest: Int64 = 253_402_300_799_999
    let clamped = min(max(milliseconds, 0), latest)
    let (days, rest) = clamped.quotientAndRemainder(dividingBy: 86_400_000)
    let shifted = days + 719_468
    let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    func digits(_ number: Int64, _ count: Int, _ end: Unicode.Scalar) {
      var power: Int64 = 1
      for _ in 1..<count { power *= 10 }
      while power > 0 {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / power % 10))
        power /= 10
      }
      bytes.append(UInt8(ascii: end))
    }
    digits(year, 4, "-")
    digits(month, 2, "-")
    digits(dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2, "T")
    digits(rest / 3_600_000, 2, ":")
    digits(rest / 60_000 % 60, 2, ":")
    digits(rest / 1000 % 60, 2, ".")
    digits(rest % 1000, 3, "Z")
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ISODate: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.value(text) }
}
