extension ISOText {
  /// Reads RFC 3339: `2026-11-21T08:15:30Z`, with or without seconds and a fraction,
  /// `Z` or an offset; also a date alone, which means midnight UTC. Years 1970 to 9999.
  package static func microseconds(of text: String) -> Int64? {
    var reader = Reader(bytes: Array(text.utf8))
    guard let year = reader.digits(4), year >= 1970, reader.take("-"), let month = reader.digits(2), reader.take("-"),
      let day = reader.digits(2)
    else { return nil }
    var time = CivilTime(date: CivilDate(year: year, month: month, day: day))
    var offset = 0
    if !reader.isAtEnd {
      guard reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.digits(2), reader.take(":"),
        let minute = reader.digits(2)
      else { return nil }
      (time.hour, time.minute) = (hour, minute)
      if reader.take(":") {
        guard let second = reader.digits(2) else { return nil }
        time.second = second
        if reader.take(".") {
          guard let fraction = reader.fraction() else { return nil }
          time.microsecond = fraction
        }
      }
      guard let east = reader.offset() else { return nil }
      offset = east
    }
    guard reader.isAtEnd, let microseconds = time.microseconds else { return nil }
    return microseconds - Int64(offset) * 1_000_000
  }

  private struct Reader {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      guard !isAtEnd, bytes[place] == UInt8(ascii: scalar) else { return false }
      place += 1
      return true
    }

    mutating func digits(_ count: Int) -> Int? {
      guard let value = number(bytes.span, at: place, count) else { return nil }
      place += count
      return value
    }

    /// In microseconds; further digits are truncated.
    mutating func fraction() -> Int? {
      var value = 0
      var count = 0
      while let digit = digits(1) {
        if count < 6 { value = value * 10 + digit }
        count += 1
      }
      guard count > 0 else { return nil }
      for _ in min(count, 6)..<6 { value *= 10 }
      return value
    }

    /// In seconds east of UTC.
    mutating func offset() -> Int? {
      if take("Z") || take("z") { return 0 }
      let isEast = take("+")
      guard isEast || take("-"), let hours = digits(2), hours < 24 else { return nil }
      _ = take(":")
      guard let minutes = digits(2), minutes < 60 else { return nil }
      return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }
  }
}
