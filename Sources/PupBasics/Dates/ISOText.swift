/// Moments in ISO 8601 notation, in UTC: `2026-11-21T08:15:30.123456Z`. A moment is a count of microseconds since 1970-01-01.
/// All texts of one precision have the same width and sort like the moments themselves.
package enum ISOText {
  package enum Precision {
    case seconds
    case milliseconds
    case microseconds

    /// The length of a text in bytes.
    package var width: Int {
      switch self {
      case .seconds: 20
      case .milliseconds: 24
      case .microseconds: 27
      }
    }
  }

  /// The last moment with a year of four digits.
  package static var latest: Int64 { 253_402_300_799_999_999 }

  /// Truncated to `precision`; moments outside the years 1970 to 9999 are clamped.
  package static func text(_ microseconds: Int64, _ precision: Precision) -> String {
    unsafe String(unsafeUninitializedCapacity: precision.width) { buffer in
      unsafe buffer.initialize(repeating: 0)
      var bytes = unsafe buffer.mutableSpan
      write(microseconds, precision, to: &bytes)
      return precision.width
    }
  }

  /// Writes `precision.width` bytes, like `text`.
  package static func write(_ microseconds: Int64, _ precision: Precision, to bytes: inout MutableSpan<UInt8>) {
    precondition(bytes.count >= precision.width)
    let time = CivilTime(microseconds: min(max(microseconds, 0), latest))
    put(time.date.year, 4, to: &bytes, at: 0)
    bytes[4] = UInt8(ascii: "-")
    put(time.date.month, 2, to: &bytes, at: 5)
    bytes[7] = UInt8(ascii: "-")
    put(time.date.day, 2, to: &bytes, at: 8)
    bytes[10] = UInt8(ascii: "T")
    put(time.hour, 2, to: &bytes, at: 11)
    bytes[13] = UInt8(ascii: ":")
    put(time.minute, 2, to: &bytes, at: 14)
    bytes[16] = UInt8(ascii: ":")
    put(time.second, 2, to: &bytes, at: 17)
    switch precision {
    case .seconds: break
    case .milliseconds:
      bytes[19] = UInt8(ascii: ".")
      put(time.microsecond / 1000, 3, to: &bytes, at: 20)
    case .microseconds:
      bytes[19] = UInt8(ascii: ".")
      put(time.microsecond, 6, to: &bytes, at: 20)
    }
    bytes[precision.width - 1] = UInt8(ascii: "Z")
  }

  /// Reads what `write` wrote with microsecond precision. Nil unless `bytes` begin with exactly such a text.
  package static func read(_ bytes: Span<UInt8>) -> Int64? {
    guard bytes.count >= Precision.microseconds.width, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      bytes[19] == UInt8(ascii: "."), bytes[26] == UInt8(ascii: "Z")
    else { return nil }
    guard let year = number(bytes, at: 0, 4), year >= 1970, let month = number(bytes, at: 5, 2),
      let day = number(bytes, at: 8, 2), let hour = number(bytes, at: 11, 2), let minute = number(bytes, at: 14, 2),
      let second = number(bytes, at: 17, 2), let micros = number(bytes, at: 20, 6)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    return CivilTime(date: date, hour: hour, minute: minute, second: second, microsecond: micros).microseconds
  }

  // When these two are inlined, each use is unrolled for its own number of digits, which halves the time for reading.

  /// The caller has checked that the bytes exist.
  @inline(__always)
  private static func put(_ number: Int, _ count: Int, to bytes: inout MutableSpan<UInt8>, at start: Int) {
    var rest = number
    for place in stride(from: start + count - 1, through: start, by: -1) {
      unsafe bytes[unchecked: place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// Nil unless there are `count` digits.
  @inline(__always)
  static func number(_ bytes: Span<UInt8>, at start: Int, _ count: Int) -> Int? {
    guard count <= bytes.count - start else { return nil }
    var value = 0
    for place in start..<start + count {
      let digit = unsafe bytes[unchecked: place] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}
