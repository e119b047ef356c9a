extension ISODate {
  /// Reads RFC 3339: `2026-11-21T08:15:30Z`, with or without a fraction, `Z` or an offset; also a date alone, which is its midnight in UTC.
  public init?(text: String) {
    var reader = Reader(bytes: Array(text.utf8)[...])
    guard let year = reader.digits(4), (1970...9999).contains(year), reader.take("-"), let month = reader.digits(2),
      (1...12).contains(month), reader.take("-"), let day = reader.digits(2), day >= 1, day <= Self.days(month, year)
    else { return nil }
    var seconds = Self.daysSince1970(year, month, day) * 86_400
    var micros: Int64 = 0
    if !reader.bytes.isEmpty {
      guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.digits(2), hour < 24, reader.take(":"),
        let minute = reader.digits(2), minute < 60
      else { return nil }
      seconds += hour * 3600 + minute * 60
      if reader.take(":") {
        guard let second = reader.digits(2), second < 60 else { return nil }
        seconds += second
        if reader.take(".") {
          guard let fraction = reader.fraction() else { return nil }
          micros = fraction
        }
      }
      guard let offset = reader.offset() else { return nil }
      seconds -= offset
    }
    guard reader.bytes.isEmpty else { return nil }
    self.init(microseconds: seconds * 1_000_000 + micros)
  }

  private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard bytes.first == UInt8(ascii: scalar) else { return false }
      bytes.removeFirst()
      return true
    }

    mutating func digits(_ count: Int) -> Int64? {
      guard bytes.count >= count else { return nil }
      var value: Int64 = 0
      for byte in bytes.prefix(count) {
        guard byte &- UInt8(ascii: "0") < 10 else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
      bytes.removeFirst(count)
      return value
    }

    /// Microseconds; further digits are cut.
    mutating func fraction() -> Int64? {
      var value: Int64 = 0
      var count = 0
      while let digit = digits(1) {
        if count < 6 { value = value * 10 + digit }
        count += 1
      }
      guard count > 0 else { return nil }
      for _ in min(count, 6)..<6 { value *= 10 }
      return value
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int64? {
      if take("Z") || take("z") { return 0 }
      let isEast = take("+")
      guard isEast || take("-"), let hours = digits(2), hours < 24 else { return nil }
      _ = take(":")
      guard let minutes = digits(2), minutes < 60 else { return nil }
      return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }
  }

  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let yearOfEra = shifted % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return shifted / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func days(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
