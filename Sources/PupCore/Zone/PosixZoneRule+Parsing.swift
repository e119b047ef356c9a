extension PosixZoneRule {
  /// Nil if the text does not follow the notation, names daylight time without saying when, or is followed by other text.
  init?(parsing text: ArraySlice<UInt8>) {
    var reader = Reader(rest: text)
    guard reader.name(), let west = reader.time(hours: 24) else { return nil }
    standard = -west
    guard !reader.rest.isEmpty else { return }
    guard reader.name() else { return nil }
    var offset = standard + 3600
    if reader.rest.first != Reader.comma {
      guard let west = reader.time(hours: 24) else { return nil }
      offset = -west
    }
    guard reader.take(Reader.comma), let start = reader.change(), reader.take(Reader.comma), let end = reader.change(),
      reader.rest.isEmpty
    else { return nil }
    daylight = Daylight(offset: offset, start: start, end: end)
  }

  private struct Reader {
    static let comma = UInt8(ascii: ",")
    var rest: ArraySlice<UInt8>

    mutating func take(_ byte: UInt8) -> Bool {
      guard rest.first == byte else { return false }
      rest.removeFirst()
      return true
    }

    /// "CET", or "<+0330>". The name itself is not used.
    mutating func name() -> Bool {
      if take(UInt8(ascii: "<")) {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
        rest = rest[(end + 1)...]
        return true
      }
      let letters = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
      rest = rest[letters.endIndex...]
      return letters.count >= 3
    }

    mutating func number(in range: ClosedRange<Int>) -> Int? {
      var value: Int?
      while let byte = rest.first, byte >= 0x30, byte <= 0x39, (value ?? 0) < 1000 {
        value = (value ?? 0) * 10 + Int(byte) - 0x30
        rest.removeFirst()
      }
      guard let value, range.contains(value) else { return nil }
      return value
    }

    /// "[+-]hh[:mm[:ss]]" in seconds.
    mutating func time(hours most: Int) -> Int? {
      let isNegative = take(UInt8(ascii: "-"))
      if !isNegative { _ = take(UInt8(ascii: "+")) }
      guard let hours = number(in: 0...most) else { return nil }
      var seconds = hours * 3600
      for unit in [60, 1] {
        guard take(UInt8(ascii: ":")) else { break }
        guard let part = number(in: 0...59) else { return nil }
        seconds += part * unit
      }
      return isNegative ? -seconds : seconds
    }

    /// "M3.5.0/3", "J60", "59/2"
    mutating func change() -> Switch? {
      guard let day = day() else { return nil }
      guard take(UInt8(ascii: "/")) else { return Switch(day: day, time: 7200) }
      guard let time = time(hours: 167) else { return nil }
      return Switch(day: day, time: time)
    }

    private mutating func day() -> Day? {
      if take(UInt8(ascii: "M")) {
        guard let month = number(in: 1...12), take(UInt8(ascii: ".")), let week = number(in: 1...5), take(UInt8(ascii: ".")),
          let weekday = number(in: 0...6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
      }
      if take(UInt8(ascii: "J")) { return number(in: 1...365).map { .julian($0) } }
      return number(in: 0...365).map { .zeroBased($0) }
    }
  }
}
