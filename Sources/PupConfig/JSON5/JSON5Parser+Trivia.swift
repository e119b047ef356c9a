extension JSON5Parser {
  /// Skips whitespace and comments.
  mutating func skipTrivia() {
    while !isAtEnd {
      switch bytes[position] {
      case 0x20, 0x09...0x0D:
        position += 1
      case UInt8(ascii: "/"):
        if !skipComment() { return }
      case UInt8(ascii: "#"):
        report(at: position, "`#` does not start a comment in JSON5", "write //")
        skipLine()
      case 0xC2...0xEF:
        let length = whiteSpaceLength()
        if length == 0 { return }
        position += length
      default:
        return
      }
    }
  }

  private mutating func skipComment() -> Bool {
    let start = position
    if peek(1) == UInt8(ascii: "/") {
      skipLine()
    } else if peek(1) == UInt8(ascii: "*") {
      position += 2
      while !isAtEnd, !(bytes[position] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) { position += 1 }
      if isAtEnd {
        report(at: start, "this comment is never closed", "add */")
        structureLost = true
        position = bytes.count
      } else {
        position += 2
      }
    } else {
      return false
    }
    comments.append(start..<position)
    return true
  }

  private mutating func skipLine() {
    while !isAtEnd, !isLineTerminator() { position += 1 }
  }

  func isLineTerminator() -> Bool {
    switch bytes[position] {
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    case 0xE2: peek(1) == 0x80 && (peek(2) == 0xA8 || peek(2) == 0xA9)
    default: false
    }
  }

  /// The length of JSON5's non-ASCII whitespace: U+00A0, U+FEFF, U+2028, U+2029 and Unicode's category Zs.
  func whiteSpaceLength() -> Int {
    switch (bytes[position], peek(1), peek(2)) {
    case (0xC2, 0xA0, _): 2
    case (0xE1, 0x9A, 0x80), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF): 3
    case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF): 3
    default: 0
    }
  }
}
