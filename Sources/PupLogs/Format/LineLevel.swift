internal import Glibc

/// Reads the level that a program has put at the beginning of a line: `INFO:…`, `[notice]`, `level=info`, `{"level":30`,
/// `E1130 …`, `2026-11-30 17:25:24,123 - name - ERROR - …`, `<3>…`.
///
/// Only a word in the usual place of a level counts: a time, names in brackets and separators may precede it, other words may
/// not. Looks at a bounded part of the line, allocates nothing, and returns nil for most lines after their first byte.
package enum LineLevel {
  /// How much of a line is examined, and how much if it is JSON.
  static let window = 160
  static let objectWindow = 256

  package static func severity(of text: [UInt8]) -> LogSeverity? {
    text.withUnsafeBufferPointer { buffer in buffer.baseAddress.flatMap { severity(of: $0, buffer.count) } }
  }

  @inline(__always)
  static func severity(of text: UnsafePointer<UInt8>, _ length: Int) -> LogSeverity? {
    guard length > 2, mayBegin(text, length) else { return nil }
    return read(text, length)
  }

  /// Most lines end here.
  @inline(__always)
  private static func mayBegin(_ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    switch text[0] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      // A date or time has its first separator early; a number has none.
      guard length > 8 else { return false }
      return text[1] == UInt8(ascii: ":") || text[2] == UInt8(ascii: ":") || text[4] == UInt8(ascii: "-")
        || text[4] == UInt8(ascii: "/") || text[2] == UInt8(ascii: "/") || text[2] == UInt8(ascii: "-")
        || text[2] == LineFormat.blank || text[2] == UInt8(ascii: ".") || text[3] == UInt8(ascii: ":")
    case UInt8(ascii: "a")...UInt8(ascii: "z"):
      // "error:", "level=", "time=": few possible first letters, and never more letters than this.
      guard firstLetters & 1 << UInt32(text[0] - UInt8(ascii: "a")) != 0 else { return false }
      var at = 1
      let most = min(length, 12)
      while at < most, Word.isLetter(text[at]) { at += 1 }
      return at < length && (text[at] == UInt8(ascii: ":") || text[at] == UInt8(ascii: "="))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "<"),
      LineFormat.blank, EscapeSequence.escape:
      return true
    default: return false
    }
  }

  /// alert, critical, debug, error, fatal, info, level, msg, notice, panic, severity, time, verbose, warning
  private static let firstLetters: UInt32 = "acdefilmnpstvw".utf8.reduce(0) { $0 | 1 << UInt32($1 - UInt8(ascii: "a")) }

  private static func read(_ text: UnsafePointer<UInt8>, _ length: Int) -> LogSeverity? {
    switch text[0] {
    case UInt8(ascii: "{"): return ObjectLevel.read(text, min(length, objectWindow))
    case UInt8(ascii: "<"): return priority(text, length)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      if let letter = letter(text, length) { return letter }
    default: break
    }
    var header = LineHeader(text, min(length, window))
    return header.read()
  }

  /// `<3>`: as syslog and systemd accept it.
  private static func priority(_ text: UnsafePointer<UInt8>, _ length: Int) -> LogSeverity? {
    var (at, number) = (1, 0)
    while at < min(length, 4), Word.isDigit(text[at]) {
      number = number * 10 + Int(text[at] - UInt8(ascii: "0"))
      at += 1
    }
    guard at > 1, at < length, text[at] == UInt8(ascii: ">") else { return nil }
    return Word.severity(ofSyslog: number % 8)
  }

  /// `I1130 17:25:24.123456 …` (glog) and `I, [2026-11-30T17:25:24 #1]  INFO -- …` (Ruby).
  private static func letter(_ text: UnsafePointer<UInt8>, _ length: Int) -> LogSeverity? {
    guard length > 6 else { return nil }
    let isGlog =
      text[5] == LineFormat.blank && Word.isDigit(text[1]) && Word.isDigit(text[2]) && Word.isDigit(text[3])
      && Word.isDigit(text[4])
    let isRuby = text[1] == UInt8(ascii: ",") && text[2] == LineFormat.blank && text[3] == UInt8(ascii: "[")
    return isGlog || isRuby ? Word.severity(ofLetter: text[0]) : nil
  }
}
