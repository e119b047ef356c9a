/// Reads one item of a column's list: `*`, `5`, `1-7`, `*/2`, `MON#2`, `15W` ….
struct CronItemParser {
  let field: CronField
  let text: ArraySlice<UInt8>

  /// Bit n: the item stands for n.
  func set() throws(CronError) -> UInt64 {
    let parts = text.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    let isStepped = parts.count == 2
    let range = try range(of: parts[0], isStepped: isStepped)
    var step = 1
    if isStepped {
      // A week has seven days although the last one is 6: `*/7` is Sunday.
      let longest = field == .dayOfWeek ? 7 : field.all.upperBound
      step = try number(parts[1], in: 1...longest, as: "step")
    }
    var set: UInt64 = 0
    for value in stride(from: range.lowerBound, through: range.upperBound, by: step) {
      set |= 1 << UInt64(field == .dayOfWeek ? value % 7 : value)
    }
    return set
  }

  func addDays(to days: inout CronDays) throws(CronError) {
    switch String(decoding: text, as: UTF8.self).uppercased() {
    case "L": days.lastDay = true
    case "LW", "WL": days.lastWeekday = true
    default:
      guard let last = text.last, last | 0x20 == UInt8(ascii: "w") else {
        days.days |= UInt32(truncatingIfNeeded: try set())
        return
      }
      days.nearestWeekday |= 1 << UInt32(try number(text.dropLast(), in: field.range, as: "day before `W`"))
    }
  }

  func addWeekdays(to days: inout CronDays) throws(CronError) {
    if let mark = text.firstIndex(of: UInt8(ascii: "#")) {
      let weekday = try value(text[..<mark]) % 7
      let number = text[(mark + 1)...]
      if number.elementsEqual("L".utf8) || number.elementsEqual("l".utf8) {
        days.lastWeekdays |= 1 << UInt8(weekday)
      } else {
        days.numberedWeekdays |= 1 << UInt64(8 * (try self.number(number, in: 1...5, as: "number after `#`")) + weekday)
      }
      return
    }
    if let last = text.last, last | 0x20 == UInt8(ascii: "l") {
      guard text.count > 1 else {
        throw error(text, "`L` alone does not name a day of the week", "write 5L for the last Friday, or 6 for Saturday")
      }
      days.lastWeekdays |= 1 << UInt8(try value(text.dropLast()) % 7)
      return
    }
    days.weekdays |= UInt8(truncatingIfNeeded: try set())
  }

  private func range(of text: ArraySlice<UInt8>, isStepped: Bool) throws(CronError) -> ClosedRange<Int> {
    if text.elementsEqual("*".utf8) || text.elementsEqual("?".utf8) { return field.all }
    guard let dash = text.firstIndex(of: UInt8(ascii: "-")) else {
      let first = try value(text)
      return isStepped ? first...max(first, field.all.upperBound) : first...first
    }
    let low = try value(text[..<dash])
    var high = try value(text[(dash + 1)...])
    // Sunday can also end a range: SAT-SUN.
    if field == .dayOfWeek, high == 0, low > 0 { high = 7 }
    guard low <= high else {
      throw error(
        text, "the range runs backwards", "write two ranges, up to the end and from the start: `\(field.wrapped(low, high))`")
    }
    return low...high
  }

  private func value(_ text: ArraySlice<UInt8>) throws(CronError) -> Int {
    if let number = field.number(named: String(decoding: text, as: UTF8.self)) { return number }
    return try number(text, in: field.range, as: field.name)
  }

  private func number(_ text: ArraySlice<UInt8>, in range: ClosedRange<Int>, as what: String) throws(CronError) -> Int {
    let written = String(decoding: text, as: UTF8.self)
    guard !text.isEmpty else { throw error(text, "the \(what) is missing", "write \(field.examples)") }
    guard text.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw error(text, "`\(written)` is not a valid \(what)", "write \(field.examples)")
    }
    guard text.count <= 4, let number = Int(written), range.contains(number) else {
      let subject = what == field.name ? "" : "the \(what) "
      throw error(text, "\(subject)\(written) is out of range", "use \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func error(_ text: ArraySlice<UInt8>, _ problem: String, _ remedy: String) -> CronError {
    CronError(position: text.startIndex, problem: "\(field.name): \(problem)", remedy: remedy)
  }
}

extension CronField {
  fileprivate func wrapped(_ low: Int, _ high: Int) -> String { "\(low)-\(all.upperBound),\(all.lowerBound)-\(high)" }
}
