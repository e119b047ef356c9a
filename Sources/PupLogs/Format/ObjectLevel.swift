internal import Glibc

/// Finds the level in the beginning of a JSON object: `"level"` or `"severity"` of the object itself, as a word or a number.
enum ObjectLevel {
  private typealias Word = LineLevel.Word

  static func read(_ text: UnsafePointer<UInt8>, _ end: Int) -> LogSeverity? {
    var at = 1
    var depth = 1
    while at < end {
      switch text[at] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return nil }
      case UInt8(ascii: "\""):
        guard let close = closingQuote(text, at + 1, end) else { return nil }
        let (start, length) = (at + 1, close - at - 1)
        at = close
        guard depth == 1, let value = valueStart(text, close + 1, end) else { break }
        if LineLevel.isKey(text + start, length) { return level(text, value, end) }
        // MongoDB's: {"t":{…},"s":"I",…
        if length == 1, text[start] == UInt8(ascii: "s"), value + 2 < end, text[value + 2] == UInt8(ascii: "\"") {
          return Word.severity(ofLetter: text[value + 1])
        }
      default: break
      }
      at += 1
    }
    return nil
  }

  private static func closingQuote(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var at = start
    while at < end, let found = memchr(text + at, Int32(UInt8(ascii: "\"")), end - at) {
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(text)
      var slashes = 0
      while place - slashes > start, text[place - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
      if slashes % 2 == 0 { return place }
      at = place + 1
    }
    return nil
  }

  /// Nil if no colon follows: the string was a value.
  private static func valueStart(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var at = start
    while at < end, text[at] == LineFormat.blank { at += 1 }
    guard at < end, text[at] == UInt8(ascii: ":") else { return nil }
    at += 1
    while at < end, text[at] == LineFormat.blank { at += 1 }
    return at < end ? at : nil
  }

  private static func level(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> LogSeverity? {
    var at = start
    if text[at] == UInt8(ascii: "\"") {
      let first = at + 1
      at = first
      while at < end, Word.isLetter(text[at]) { at += 1 }
      return at < end && text[at] == UInt8(ascii: "\"") ? Word.level(text + first, at - first)?.severity : nil
    }
    var number = 0
    while at < end, at - start < 3, Word.isDigit(text[at]) {
      number = number * 10 + Int(text[at] - UInt8(ascii: "0"))
      at += 1
    }
    return at > start && at < end && !Word.isDigit(text[at]) ? Word.severity(ofNumber: number) : nil
  }
}

extension LineLevel {
  /// level, severity, lvl, levelname, loglevel, log.level, @level
  static func isKey(_ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    guard length > 2, length < 10 else { return false }
    let number = Word.number(text, length)
    switch length {
    case 3: return number == Word.lvl
    case 5: return number == Word.levelKey
    case 6: return text[0] == UInt8(ascii: "@") && Word.number(text + 1, 5) == Word.levelKey
    case 8: return number == Word.keySeverity || number == Word.logLevel
    case 9: return number == Word.levelName || number == Word.dottedLevel
    default: return false
    }
  }
}
