/// Reads a cron pattern column by column.
struct CronParser {
  private struct Column {
    var field: CronField
    var text: ArraySlice<UInt8>
  }

  private static let longest = 256
  private static let nicknames = [
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
  ]

  private var columns: [Column] = []
  private var times = CronTimes()
  private var days = CronDays()

  init(_ pattern: String) throws(CronError) { columns = try Self.columns(of: pattern) }

  private static func columns(of pattern: String) throws(CronError) -> [Column] {
    let bytes = Array(pattern.utf8)
    guard bytes.count <= longest else {
      throw CronError(
        position: longest, problem: "the pattern has \(bytes.count) characters, more than \(longest)",
        remedy: "use ranges instead of lists, or split the schedule across two processes")
    }
    if let strange = bytes.firstIndex(where: { $0 >= 0x80 || ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) {
      throw CronError(
        position: strange, problem: "this character is not allowed in a pattern",
        remedy: "use digits, names, spaces and * , - / ? # L W only")
    }
    let words = bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 })
    if words.count == 1, let word = words.first, word.first == UInt8(ascii: "@") {
      return try columns(of: expand(nickname: String(decoding: word, as: UTF8.self), at: word.startIndex))
    }
    switch words.count {
    case 5: return zip(CronField.allCases.dropFirst(), words).map(Column.init)
    case 6: return zip(CronField.allCases, words).map(Column.init)
    default:
      throw CronError(
        position: words.count > 6 ? words[6].startIndex : bytes.count,
        problem: words.isEmpty ? "the pattern is empty" : "the pattern has \(words.count) column\(words.count == 1 ? "" : "s")",
        remedy:
          "write 5 columns (minute, hour, day of month, month, day of week) or 6 (seconds first), or a nickname such as @daily")
    }
  }

  private static func expand(nickname: String, at position: Int) throws(CronError) -> String {
    if let pattern = nicknames[nickname.lowercased()] { return pattern }
    let known = "use @yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly"
    throw CronError(
      position: position, problem: "the nickname `\(nickname)` is not known",
      remedy: nickname.lowercased() == "@reboot" ? "set `autostart` to true instead" : known)
  }

  mutating func parse() throws(CronError) -> (CronTimes, CronDays) {
    for column in columns { try parse(column) }
    // Any matching day within one 400-year cycle of the calendar will do.
    guard CronSchedule.nextLocal(atOrAfter: 0, times, days) != nil else {
      let position = columns.first { $0.field == .dayOfMonth }?.text.startIndex ?? 0
      throw CronError(
        position: position, problem: "the pattern never matches: none of its months has such a day",
        remedy: "choose a day that exists, or write `L` for the last day of the month")
    }
    return (times, days)
  }

  private mutating func parse(_ column: Column) throws(CronError) {
    let isAny = column.text.elementsEqual("*".utf8) || column.text.elementsEqual("?".utf8)
    switch column.field {
    case .dayOfMonth: days.anyDay = isAny
    case .dayOfWeek: days.anyWeekday = isAny
    case .second: times.seconds = 0
    default: break
    }
    for text in column.text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let item = CronItemParser(field: column.field, text: text)
      switch column.field {
      case .second: times.seconds |= try item.set()
      case .minute: times.minutes |= try item.set()
      case .hour: times.hours |= UInt32(truncatingIfNeeded: try item.set())
      case .month: days.months |= UInt16(truncatingIfNeeded: try item.set())
      case .dayOfMonth: try item.addDays(to: &days)
      case .dayOfWeek: try item.addWeekdays(to: &days)
      }
    }
  }
}
