internal import Glibc

/// Walks over what programs put before the text of a line, until it finds a level or something that belongs to the text.
struct LineHeader {
  private typealias Word = LineLevel.Word

  /// At most this many parts may precede a level.
  private static let mostParts = 12
  private static let longestBracket = 64

  private let text: UnsafePointer<UInt8>
  private let end: Int
  private var at = 0
  /// A date, a time, or something else that begins with a digit.
  private var hasTime = false

  init(_ text: UnsafePointer<UInt8>, _ length: Int) {
    self.text = text
    end = length
  }

  mutating func read() -> LogSeverity? {
    for _ in 0..<Self.mostParts {
      skipSpace()
      guard at < end else { return nil }
      switch text[at] {
      case UInt8(ascii: "["), UInt8(ascii: "("):
        if let found = readBracket() { return found }
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        hasTime = true
        skipTime()
      case UInt8(ascii: "-"), UInt8(ascii: "|"), UInt8(ascii: "+"), UInt8(ascii: ":"), UInt8(ascii: ","): at += 1
      case UInt8(ascii: "#") where isRedisMark: return .warn
      case UInt8(ascii: "*") where isRedisMark: return .info
      case let byte where Word.isLetter(byte):
        switch readWord() {
        case .level(let severity): return severity
        case .text: return nil
        case .header: break
        }
      default: return nil
      }
    }
    return nil
  }

  private mutating func skipSpace() {
    var place = at
    while place < end {
      if text[place] == LineFormat.blank || text[place] == UInt8(ascii: "\t") {
        place += 1
      } else if text[place] == EscapeSequence.escape {
        let behind = skipColours(from: place)
        guard behind > place else { break }
        place = behind
      } else {
        break
      }
    }
    at = place
  }

  private mutating func skipTime() {
    var place = at
    while place < end, text[place] != LineFormat.blank, text[place] != UInt8(ascii: "\t"), text[place] != UInt8(ascii: "[") {
      place += 1
    }
    at = place
  }

  private enum Part {
    case level(LogSeverity)
    case header
    case text
  }

  private func byte(_ place: Int) -> UInt8 { place < end ? text[place] : LineFormat.lineFeed }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == LineFormat.blank || byte == UInt8(ascii: "\t") || byte == LineFormat.lineFeed || byte == UInt8(ascii: "\r")
  }

  /// `1:M 30 Nov 2026 17:25:24.123 * Ready`
  private var isRedisMark: Bool { hasTime && byte(at + 1) == LineFormat.blank }

  private func skipColours(from place: Int) -> Int {
    guard byte(place) == EscapeSequence.escape else { return place }
    var place = place
    while byte(place) == EscapeSequence.escape, byte(place + 1) == UInt8(ascii: "[") {
      guard case .whole(let length) = EscapeSequence.match(text + place, end - place) else { return end }
      place += length
    }
    return place
  }

  // MARK: - Words

  private mutating func readWord() -> Part {
    let start = at
    var stop = start
    while stop < end, stop - start <= Word.longest, Word.isLetter(text[stop]) { stop += 1 }
    let next = byte(skipColours(from: stop))
    if next == UInt8(ascii: "=") { return readPair(start, stop) }
    if let level = Word.level(text + start, stop - start), isLevel(level, start, stop, next) { return .level(level.severity) }
    // `app.ERROR: …`
    if hasTime, next == UInt8(ascii: "."), let level = levelBehindDot(stop + 1) { return .level(level) }
    return skipName(start, stop)
  }

  private func isLevel(_ level: Word.Level, _ start: Int, _ stop: Int, _ next: UInt8) -> Bool {
    let isEnded =
      Self.isSpace(next) || next == UInt8(ascii: ":") || next == UInt8(ascii: "|") || next == UInt8(ascii: "]")
      || next == UInt8(ascii: ",") || next == UInt8(ascii: ">") || next == UInt8(ascii: "[") || next == UInt8(ascii: "(")
    guard isEnded else { return next == UInt8(ascii: "-") && Word.isCapital(text + start, stop - start) && level.isPlain }
    if Word.isCapital(text + start, stop - start) { return level.isPlain || hasTime || next == UInt8(ascii: ":") }
    // In lower case it may be an ordinary word.
    return next == UInt8(ascii: ":") || hasTime && next == UInt8(ascii: "\t")
  }

  private func levelBehindDot(_ start: Int) -> LogSeverity? {
    var stop = start
    while stop < end, Word.isLetter(text[stop]) { stop += 1 }
    guard byte(stop) == UInt8(ascii: ":"), stop - start > 2, Word.isCapital(text + start, stop - start) else { return nil }
    return Word.level(text + start, stop - start)?.severity
  }

  /// `level=info time="…" msg=…`
  private mutating func readPair(_ start: Int, _ stop: Int) -> Part {
    let isLevel = LineLevel.isKey(text + start, stop - start)
    at = stop + 1
    let isQuoted = byte(at) == UInt8(ascii: "\"")
    if isQuoted { at += 1 }
    if isLevel {
      var valueEnd = at
      while valueEnd < end, Word.isLetter(text[valueEnd]) { valueEnd += 1 }
      if let level = Word.level(text + at, valueEnd - at) { return .level(level.severity) }
      return .text
    }
    while at < end, isQuoted ? text[at] != UInt8(ascii: "\"") : !Self.isSpace(text[at]) { at += 1 }
    if isQuoted { at += 1 }
    return .header
  }

  /// Names of days, months and zones, and words ended by a separator, may precede a level; other words are text.
  private mutating func skipName(_ start: Int, _ stop: Int) -> Part {
    var last = stop
    while last < end, !Self.isSpace(text[last]), last - start < 64 { last += 1 }
    at = last
    let length = stop - start
    if length == 3, last - stop <= 1, text[start] & 0x20 == 0, text[start + 1] & 0x20 != 0 { return .header }
    guard hasTime else { return .text }
    if last == stop, (3...4).contains(length), Word.isCapital(text + start, length) { return .header }
    if text[last - 1] == UInt8(ascii: ":") { return .header }
    var behind = last
    while byte(behind) == LineFormat.blank { behind += 1 }
    let isSeparated = byte(behind) == UInt8(ascii: "-") || byte(behind) == UInt8(ascii: "|")
    return isSeparated && behind > last && Self.isSpace(byte(behind + 1)) ? .header : .text
  }

  // MARK: - Brackets

  /// `[error]`, `[core:error]`, `[2026-11-30T17:25:24Z INFO app]`, `[I 17:25:24 app]`; moves past the bracket.
  private mutating func readBracket() -> LogSeverity? {
    let start = at + 1
    let closing = text[at] == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")")
    let room = min(end - start, Self.longestBracket)
    guard room > 0, let found = memchr(text + start, Int32(closing), room) else {
      at = end
      return nil
    }
    let stop = UnsafeRawPointer(found) - UnsafeRawPointer(text)
    at = stop + 1
    if Word.isDigit(text[start]) { hasTime = true }
    if stop - start > 2, text[start + 1] == LineFormat.blank, Word.isDigit(text[start + 2]) {
      if let level = Word.severity(ofLetter: text[start]) { return level }
    }
    var place = start
    while place < stop {
      guard Word.isLetter(text[place]) else {
        place += 1
        continue
      }
      let first = place
      while place < stop, Word.isLetter(text[place]) { place += 1 }
      if let level = Word.level(text + first, place - first), isBracketLevel(first, place, start, stop) { return level.severity }
    }
    return nil
  }

  private func isBracketLevel(_ first: Int, _ last: Int, _ start: Int, _ stop: Int) -> Bool {
    let before = first == start ? LineFormat.blank : text[first - 1]
    guard !Word.joins(before), !Word.joins(text[last]) else { return false }
    if Word.isCapital(text + first, last - first) { return true }
    var behind = last
    while behind < stop, text[behind] == LineFormat.blank { behind += 1 }
    return behind == stop && (first == start || before == UInt8(ascii: ":"))
  }
}
