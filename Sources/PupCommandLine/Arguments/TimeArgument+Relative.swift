internal import Glibc
internal import PupLogs
internal import PupSystem

extension TimeArgument {
  /// Everything that `parse` takes, and what people say: `10m`, `1 hour ago`, `17:25`, `yesterday`, `yesterday 17:25`, `today`,
  /// `now`.
  ///
  /// A time of day alone is its last occurrence: at half past midnight, `23:50` is the evening before.
  static func parse(_ text: String, isEnd: Bool = false, now: LogTime) -> LogTime? {
    if let time = parse(text, isEnd: isEnd) { return time }
    let words = text.lowercased().split(separator: " ").map(String.init)
    guard let first = words.first else { return nil }
    if words == ["now"] { return now }
    if first == "today" || first == "yesterday" {
      let date = date(of: now, daysBefore: first == "today" ? 0 : 1)
      guard words.count > 1 else { return parse(date, isEnd: isEnd) }
      return words.count == 2 ? parse("\(date)T\(padded(words[1]))", isEnd: isEnd) : nil
    }
    if words.count == 1, first.contains(":") {
      for days: Int32 in 0...1 {
        guard let start = parse("\(date(of: now, daysBefore: days))T\(padded(first))") else { return nil }
        if start <= now || days == 1 { return parse("\(date(of: now, daysBefore: days))T\(padded(first))", isEnd: isEnd) }
      }
    }
    return before(now, words)
  }

  /// `10m`, `-10m`, `10 minutes ago`
  private static func before(_ now: LogTime, _ words: [String]) -> LogTime? {
    var text = (words.last == "ago" ? Array(words.dropLast()) : words).joined(separator: " ")
    if text.hasPrefix("-") { text.removeFirst() }
    // A number alone would be a guess.
    guard text.contains(where: \.isLetter), let seconds = DurationArgument.seconds(text), seconds <= 1_000_000_000 else {
      return nil
    }
    return LogTime(microseconds: now.microseconds - seconds * 1_000_000)
  }

  /// `8:15` as `08:15`.
  private static func padded(_ time: String) -> String { time.prefix { $0 != ":" }.count == 1 ? "0" + time : time }

  private static func date(of moment: LogTime, daysBefore days: Int32) -> String {
    var (time, fields) = (time_t(moment.microseconds / 1_000_000), tm())
    localtime_r(&time, &fields)
    // By the calendar: not every day has 24 hours.
    (fields.tm_mday, fields.tm_hour, fields.tm_isdst) = (fields.tm_mday - days, 12, -1)
    mktime(&fields)
    func digits(_ number: Int32, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(digits(fields.tm_year + 1900, 4))-\(digits(fields.tm_mon + 1, 2))-\(digits(fields.tm_mday, 2))"
  }
}
