/// The fixed-width text of a moment, `2026-11-21T08:15:30.123456Z`: 27 bytes that sort like the moments themselves.
package enum Timestamp {
  package static let width = 27
  /// `2026-11-21T08:15:30.123Z`, for decorated lines.
  static let shortWidth = 24

  /// Writes `width` bytes.
  static func render(_ time: LogTime, to bytes: UnsafeMutablePointer<UInt8>) {
    let fields = CalendarFields(time)
    renderDate(fields, to: bytes)
    bytes[19] = UInt8(ascii: ".")
    digits(fields.microsecond, 6, to: bytes + 20)
    bytes[26] = UInt8(ascii: "Z")
  }

  /// Writes `shortWidth` bytes; cuts to milliseconds.
  static func renderShort(_ time: LogTime, to bytes: UnsafeMutablePointer<UInt8>) {
    let fields = CalendarFields(time)
    renderDate(fields, to: bytes)
    bytes[19] = UInt8(ascii: ".")
    digits(fields.microsecond / 1000, 3, to: bytes + 20)
    bytes[23] = UInt8(ascii: "Z")
  }

  package static func text(_ time: LogTime) -> String {
    String(unsafeUninitializedCapacity: width) { buffer in
      guard let base = buffer.baseAddress else { return 0 }
      render(time, to: base)
      return width
    }
  }

  /// Reads what `render` wrote. Nil unless the first `width` bytes are exactly such a timestamp.
  static func parse(_ bytes: UnsafePointer<UInt8>) -> LogTime? {
    guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
      bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), bytes[19] == UInt8(ascii: "."), bytes[26] == UInt8(ascii: "Z")
    else { return nil }
    guard let year = number(bytes, 4), let month = number(bytes + 5, 2), let day = number(bytes + 8, 2),
      let hour = number(bytes + 11, 2), let minute = number(bytes + 14, 2), let second = number(bytes + 17, 2),
      let micros = number(bytes + 20, 6)
    else { return nil }
    return CalendarFields(year: year, month: month, day: day, hour: hour, minute: minute, second: second, microsecond: micros)
      .time
  }

  private static func renderDate(_ fields: CalendarFields, to bytes: UnsafeMutablePointer<UInt8>) {
    digits(fields.year, 4, to: bytes)
    bytes[4] = UInt8(ascii: "-")
    digits(fields.month, 2, to: bytes + 5)
    bytes[7] = UInt8(ascii: "-")
    digits(fields.day, 2, to: bytes + 8)
    bytes[10] = UInt8(ascii: "T")
    digits(fields.hour, 2, to: bytes + 11)
    bytes[13] = UInt8(ascii: ":")
    digits(fields.minute, 2, to: bytes + 14)
    bytes[16] = UInt8(ascii: ":")
    digits(fields.second, 2, to: bytes + 17)
  }

  private static func digits(_ number: Int, _ count: Int, to bytes: UnsafeMutablePointer<UInt8>) {
    var rest = number
    for place in stride(from: count - 1, through: 0, by: -1) {
      bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  private static func number(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    var value = 0
    for place in 0..<count {
      let digit = bytes[place] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }
}
