/// Reads one escape sequence. `position` is at the backslash before the call and past the sequence after it.
struct JSON5EscapeReader {
  enum Outcome: Hashable {
    case scalar(Unicode.Scalar)
    /// A line continuation, which produces nothing.
    case nothing
    case invalid(what: String, fix: String)
  }

  let bytes: [UInt8]
  var position: Int

  mutating func read() -> Outcome {
    position += 1
    let letter = peek()
    switch letter {
    case UInt8(ascii: "n"): return single("\n")
    case UInt8(ascii: "t"): return single("\t")
    case UInt8(ascii: "r"): return single("\r")
    case UInt8(ascii: "b"): return single("\u{8}")
    case UInt8(ascii: "f"): return single("\u{C}")
    case UInt8(ascii: "v"): return single("\u{B}")
    case UInt8(ascii: "x"): return hexadecimal(digits: 2, name: "\\x")
    case UInt8(ascii: "u"): return unicode()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return digit(letter)
    case UInt8(ascii: "\r"):
      position += 1
      if peek() == UInt8(ascii: "\n") { position += 1 }
      return .nothing
    case UInt8(ascii: "\n"):
      position += 1
      return .nothing
    case 0xE2 where peek(1) == 0x80 && (peek(2) == 0xA8 || peek(2) == 0xA9):
      position += 3
      return .nothing
    case 0x80...:
      return other()
    case 0:
      return .invalid(what: "the text ends after a backslash", fix: "add the closing quote")
    default:
      return single(Unicode.Scalar(letter))
    }
  }

  private func peek(_ distance: Int = 0) -> UInt8 {
    position + distance < bytes.count ? bytes[position + distance] : 0
  }

  private mutating func single(_ scalar: Unicode.Scalar) -> Outcome {
    position += 1
    return .scalar(scalar)
  }

  private mutating func digit(_ letter: UInt8) -> Outcome {
    position += 1
    if letter == UInt8(ascii: "0"), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek()) { return .scalar("\0") }
    return .invalid(
      what: "`\\` followed by a digit is not an escape", fix: "write \\\\ for a backslash, or \\x1b for a character by its code")
  }

  /// An escaped non-ASCII character stands for itself.
  private mutating func other() -> Outcome {
    var end = position + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let scalar = String(decoding: bytes[position..<end], as: UTF8.self).unicodeScalars.first
    position = end
    return scalar.map { .scalar($0) } ?? .nothing
  }

  private mutating func hexadecimal(digits: Int, name: String) -> Outcome {
    guard let value = hexadecimalValue(digits: digits), let scalar = Unicode.Scalar(value) else {
      return .invalid(what: "\(name) needs \(digits) hexadecimal digits", fix: "write \\\\ for a backslash")
    }
    return .scalar(scalar)
  }

  private mutating func unicode() -> Outcome {
    guard let first = hexadecimalValue(digits: 4) else {
      return .invalid(what: "\\u needs 4 hexadecimal digits", fix: "write \\\\ for a backslash")
    }
    if let scalar = Unicode.Scalar(first) { return .scalar(scalar) }
    let pair = JSON5EscapeReader.Outcome.invalid(
      what: "\\u is half of a surrogate pair", fix: "write both halves, or the character itself")
    guard first < 0xDC00, peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "u") else { return pair }
    position += 1
    guard let second = hexadecimalValue(digits: 4), (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { return pair }
    return .scalar(scalar)
  }

  /// `position` is at the letter before the digits.
  private mutating func hexadecimalValue(digits: Int) -> UInt32? {
    position += 1
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let digit = Character(Unicode.Scalar(peek())).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
