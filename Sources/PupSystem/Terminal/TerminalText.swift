/// What a terminal gets of text that others wrote (programs, configurations, clients, file names): what it would act upon is
/// shown as `^G`, `\u{9b}` or `\x9b`. Line feeds and tabs stay.
///
/// The only place for this: everything that Pup writes to a terminal passes through here, and Pup's own colors are added
/// afterwards.
package enum TerminalText {
  package static func append(_ bytes: UnsafeRawBufferPointer, to target: inout [UInt8]) {
    var at = 0
    while at < bytes.count {
      // Most text is harmless, and copied in one piece.
      let start = at
      while at < bytes.count, isPlain(bytes[at]) { at += 1 }
      target += bytes[start..<at]
      guard at < bytes.count else { return }
      at += appendSpecial(UnsafeRawBufferPointer(rebasing: bytes[at...]), to: &target)
    }
  }

  package static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy(isPlain) { return text }
    var text = text
    var shown: [UInt8] = []
    text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &shown) }
    return String(decoding: shown, as: UTF8.self)
  }

  /// The same for text that has to stay on one line, such as a cell of a table.
  package static func visibleLine(_ text: String) -> String {
    let shown = visible(text)
    guard shown.utf8.contains(where: { $0 == lineFeed || $0 == tab }) else { return shown }
    var line = ""
    for scalar in shown.unicodeScalars {
      switch scalar {
      case "\n": line += "^J"
      case "\t": line += " "
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  package static func isPlain(_ byte: UInt8) -> Bool { (0x20..<0x7F).contains(byte) || byte == lineFeed || byte == tab }

  private static let lineFeed: UInt8 = 0x0A
  private static let tab: UInt8 = 0x09
  private static let carriageReturn: UInt8 = 0x0D

  /// Shows what begins with a byte that is not plain; returns how many bytes were consumed.
  private static func appendSpecial(_ bytes: UnsafeRawBufferPointer, to target: inout [UInt8]) -> Int {
    let first = bytes[0]
    if first < 0x80 {
      // "\r\n" ends a line as well as "\n" does.
      if first == carriageReturn, bytes.count > 1, bytes[1] == lineFeed { return 1 }
      target += [UInt8(ascii: "^"), first ^ 0x40]
      return 1
    }
    guard let (scalar, length) = scalar(bytes) else {
      // Not UTF-8: a terminal may take it for an eight-bit control character.
      target += "\\x\(String(first, radix: 16))".utf8
      return 1
    }
    if steers(scalar) {
      target += "\\u{\(String(scalar, radix: 16))}".utf8
    } else {
      target += bytes[..<length]
    }
    return length
  }

  /// C1 controls; other line breaks; what reorders the text around it, so that it reads as something else.
  private static func steers(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Nil for bytes that are not UTF-8: overlong, cut off, surrogates, too large.
  private static func scalar(_ bytes: UnsafeRawBufferPointer) -> (UInt32, length: Int)? {
    let first = bytes[0]
    let (length, least): (Int, UInt32)
    switch first {
    case 0xC2...0xDF: (length, least) = (2, 0x80)
    case 0xE0...0xEF: (length, least) = (3, 0x800)
    case 0xF0...0xF4: (length, least) = (4, 0x10000)
    default: return nil
    }
    guard bytes.count >= length else { return nil }
    var scalar = UInt32(first) & (0x7F >> UInt32(length))
    for index in 1..<length {
      guard bytes[index] & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(bytes[index] & 0x3F)
    }
    guard scalar >= least, scalar <= 0x10FFFF, !(0xD800...0xDFFF).contains(scalar) else { return nil }
    return (scalar, length)
  }
}
