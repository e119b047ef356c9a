internal import PupSystem

/// The format of a line in the log store:
///
///     2026-11-21T08:15:30.123456Z log stdout the text
///
/// Timestamp (27 bytes), severity, category and text, each separated by one blank; a line feed ends the line. The text is what
/// the program wrote, without terminal escape sequences. It may contain NUL and invalid UTF-8, and may be empty (the blank before
/// it stays).
///
/// A line that had to be written in pieces (it is longer than 64 KiB, or was left without its line feed for a while) is marked at
/// the category: `stdout+` continues in the next line of this category, `+stdout` continues the previous one, `+stdout+` does
/// both. The pieces' texts, concatenated, are the line.
enum LineFormat {
  /// The longest text of one piece. Bytes.
  static let maximumText = 64 << 10
  static let maximumCategory = 64
  /// Timestamp, blank, "error", blank, "+category+", blank.
  static let maximumPrefix = Timestamp.width + 1 + 5 + 1 + maximumCategory + 2 + 1
  /// The longest line with its line feed.
  static let maximumLine = maximumPrefix + maximumText + 1

  static let lineFeed = UInt8(ascii: "\n")
  static let blank = UInt8(ascii: " ")
  static let pieceMark = UInt8(ascii: "+")

  /// A category as it can be written: one word of at most 64 bytes without a piece mark at its ends.
  static func category(_ text: String) -> [UInt8] {
    var bytes: [UInt8]
    if text.utf8.allSatisfy({ $0 > blank && $0 < 0x7F }) {
      bytes = Array(text.utf8.prefix(maximumCategory))
    } else {
      bytes = shown(text)
    }
    if bytes.isEmpty { return [UInt8(ascii: "-")] }
    if bytes[0] == pieceMark { bytes[0] = UInt8(ascii: "_") }
    if bytes[bytes.count - 1] == pieceMark { bytes[bytes.count - 1] = UInt8(ascii: "_") }
    return bytes
  }

  private static func shown(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      let own = Array(String(scalar).utf8)
      // It precedes the text of a line, on terminals too.
      let isShown = scalar.value > UInt32(blank) && TerminalText.visible(String(scalar)).utf8.elementsEqual(own)
      let shown = isShown ? own : [UInt8(ascii: "_")]
      guard bytes.count + shown.count <= maximumCategory else { break }
      bytes += shown
    }
    return bytes
  }
}
