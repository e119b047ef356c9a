extension JSONParser {
  /// Reads a string, starting at the opening quote.
  mutating func string() throws(JSONProblem) -> String {
    let opening = position
    position += 1
    var decoded: [UInt8]?
    var start = position
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        let tail = bytes[start..<position]
        position += 1
        let text = decoded.map { String(validating: $0 + tail, as: UTF8.self) } ?? String(validating: tail, as: UTF8.self)
        guard let text else { throw problem("the string is not valid UTF-8", at: opening) }
        return text
      case UInt8(ascii: "\\"):
        decoded = (decoded ?? []) + bytes[start..<position]
        position += 1
        let scalar = try escape()
        decoded?.append(contentsOf: String(Character(scalar)).utf8)
        start = position
      case 0..<0x20:
        throw problem("the string contains a control character; write \\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))")
      default: position += 1
      }
    }
    throw problem("the string is not terminated", at: opening)
  }

  /// Reads an escape sequence after its backslash.
  private mutating func escape() throws(JSONProblem) -> Unicode.Scalar {
    guard let byte = peek else { throw problem("the string is not terminated") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw problem("unknown escape sequence", at: position - 2)
    }
  }

  private mutating func unicodeEscape() throws(JSONProblem) -> Unicode.Scalar {
    let start = position - 2
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw problem("unpaired surrogate", at: start)
    }
    let second = try hexadecimal()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw problem("unpaired surrogate", at: start) }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw problem("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
