internal import Glibc
internal import PupLogs

/// A time as people write it on the command line.
enum TimeArgument {
  /// `2026-11-21`, `2026-11-21T08:15`, `2026-11-21 08:15:30.25`, each with or without `Z` or `+01:00`; without one of these the
  /// machine's own zone is meant.
  /// - Parameter isEnd: what is left out is the end of the span that is named, not its beginning.
  static func parse(_ text: String, isEnd: Bool = false) -> LogTime? {
    var rest = Substring(text)
    guard let year = number(&rest, 4), skip(&rest, "-"), let month = number(&rest, 2), skip(&rest, "-"),
      let day = number(&rest, 2),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    var span: Int64 = 86_400_000_000
    var (hour, minute, second, fraction) = (0, 0, 0, Int64(0))
    if skip(&rest, "T") || skip(&rest, " ") || skip(&rest, "t") {
      guard let hours = number(&rest, 2), skip(&rest, ":"), let minutes = number(&rest, 2), hours < 24, minutes < 60 else {
        return nil
      }
      (hour, minute, span) = (hours, minutes, 60_000_000)
      if skip(&rest, ":") {
        guard let seconds = number(&rest, 2), seconds < 61 else { return nil }
        (second, span) = (seconds, 1_000_000)
        if skip(&rest, ".") {
          let digits = rest.prefix { $0.isASCII && $0.isNumber }
          guard let value = Int64(digits), digits.count <= 9 else { return nil }
          rest = rest.dropFirst(digits.count)
          var micros = value
          for _ in 0..<max(0, 6 - digits.count) { micros *= 10 }
          for _ in 0..<max(0, digits.count - 6) { micros /= 10 }
          (fraction, span) = (micros, 1)
        }
      }
    }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
    (parts.tm_hour, parts.tm_min, parts.tm_sec, parts.tm_isdst) = (Int32(hour), Int32(minute), Int32(second), -1)
    guard let seconds = epochSeconds(&parts, zone: rest), parts.tm_mday == Int32(day) else { return nil }
    return LogTime(microseconds: seconds * 1_000_000 + fraction + (isEnd ? span - 1 : 0))
  }

  private static func epochSeconds(_ parts: inout tm, zone: Substring) -> Int64? {
    if zone.isEmpty { return Int64(mktime(&parts)) }
    if zone == "Z" || zone == "z" { return Int64(timegm(&parts)) }
    var rest = zone.dropFirst()
    guard let sign = zone.first, sign == "+" || sign == "-", let hours = number(&rest, 2) else { return nil }
    _ = skip(&rest, ":")
    let minutes = rest.isEmpty ? 0 : number(&rest, 2)
    guard let minutes, rest.isEmpty, hours < 24, minutes < 60 else { return nil }
    let offset = Int64(hours * 3600 + minutes * 60)
    return Int64(timegm(&parts)) - (sign == "+" ? offset : -offset)
  }

  private static func number(_ text: inout Substring, _ width: Int) -> Int? {
    let digits = text.prefix(width)
    guard digits.count == width, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    text = text.dropFirst(width)
    return Int(digits)
  }

  private static func skip(_ text: inout Substring, _ character: Character) -> Bool {
    guard text.first == character else { return false }
    text = text.dropFirst()
    return true
  }
}
