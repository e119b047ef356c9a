extension ShellScanner {
  /// Reads up to the next unquoted whitespace or operator.
  mutating func scanWord() throws(Stop) -> Word {
    let start = position
    var literal: [UInt8] = []
    var isLiteral = true
    var hasSlash = false
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"),
        UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        return Word(start: start, literal: isLiteral ? String(decoding: literal, as: UTF8.self) : nil, hasSlash: hasSlash)
      case UInt8(ascii: "'"):
        try scanSingleQuotes(&literal)
      case UInt8(ascii: "\""):
        if try !scanDoubleQuotes(&literal, depth: 0) { isLiteral = false }
      case UInt8(ascii: "\\"):
        guard let next = peek(1) else { throw Stop(reason: "it ends with a backslash") }
        if next != UInt8(ascii: "\n") { literal.append(next) }
        position += 2
      case UInt8(ascii: "$"), UInt8(ascii: "`"):
        isLiteral = false
        try skipExpansion(depth: 0)
      case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "}"):
        isLiteral = false
        position += 1
      case UInt8(ascii: "~") where position == start:
        isLiteral = false
        position += 1
      default:
        if byte == UInt8(ascii: "/") { hasSlash = true }
        literal.append(byte)
        position += 1
      }
    }
    return Word(start: start, literal: isLiteral ? String(decoding: literal, as: UTF8.self) : nil, hasSlash: hasSlash)
  }

  private mutating func scanSingleQuotes(_ literal: inout [UInt8]) throws(Stop) {
    position += 1
    while let byte = peek(), byte != UInt8(ascii: "'") {
      literal.append(byte)
      position += 1
    }
    if peek() == nil { throw Stop.unclosed("'") }
    position += 1
  }

  /// Returns whether the content needs no expansion.
  private mutating func scanDoubleQuotes(_ literal: inout [UInt8], depth: Int) throws(Stop) -> Bool {
    var isLiteral = true
    position += 1
    while let byte = peek(), byte != UInt8(ascii: "\"") {
      switch byte {
      case UInt8(ascii: "\\"):
        guard let next = peek(1) else { throw Stop.unclosed("\"") }
        if !"$`\"\\\n".utf8.contains(next) { literal.append(byte) }
        if next != UInt8(ascii: "\n") { literal.append(next) }
        position += 2
      case UInt8(ascii: "$"), UInt8(ascii: "`"):
        isLiteral = false
        // A quote after "$" closes this string; it does not start bash's "$'…'".
        if peek(1) == UInt8(ascii: "\"") || peek(1) == UInt8(ascii: "'"), byte == UInt8(ascii: "$") {
          position += 1
        } else {
          try skipExpansion(depth: depth + 1)
        }
      default:
        literal.append(byte)
        position += 1
      }
    }
    if peek() == nil { throw Stop.unclosed("\"") }
    position += 1
    return isLiteral
  }

  // MARK: - Expansions

  /// Skips `$name`, `${…}`, `$(…)`, `$((…))` or backquotes. Anything too complex to skip reliably stops the scan.
  private mutating func skipExpansion(depth: Int) throws(Stop) {
    let complex = Stop(reason: "it has a complex substitution")
    guard depth < 16 else { throw complex }
    if peek() == UInt8(ascii: "`") {
      position += 1
      while let byte = peek(), byte != UInt8(ascii: "`") { position += byte == UInt8(ascii: "\\") ? 2 : 1 }
      guard peek() != nil else { throw Stop.unclosed("`") }
      position += 1
      return
    }
    position += 1
    switch peek() {
    case UInt8(ascii: "("): try skipParentheses(depth: depth)
    case UInt8(ascii: "{"):
      while let byte = peek(), byte != UInt8(ascii: "}") {
        if "'\"`\\".utf8.contains(byte)
          || (byte == UInt8(ascii: "$") && (peek(1) == UInt8(ascii: "{") || peek(1) == UInt8(ascii: "(")))
        {
          throw complex
        }
        position += 1
      }
      guard peek() != nil else { throw Stop.unclosed("${") }
      position += 1
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      // Shells treat $'…' and $"…" differently.
      throw complex
    case let byte? where ShellScanner.isNameByte(byte) || "?$!#*@-".utf8.contains(byte):
      position += 1
    default:
      return
    }
  }

  private mutating func skipParentheses(depth: Int) throws(Stop) {
    let complex = Stop(reason: "it has a complex substitution")
    let start = position
    var open = 0
    var ignored: [UInt8] = []
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: "("):
        open += 1
        position += 1
      case UInt8(ascii: ")"):
        open -= 1
        position += 1
        if open == 0 {
          // The patterns of `case` have lone parentheses.
          if String(decoding: bytes[start..<position], as: UTF8.self).contains("case") { throw complex }
          return
        }
      case UInt8(ascii: "'"): try scanSingleQuotes(&ignored)
      case UInt8(ascii: "\""): _ = try scanDoubleQuotes(&ignored, depth: depth + 1)
      case UInt8(ascii: "\\"): position = min(position + 2, bytes.count)
      case UInt8(ascii: "$"), UInt8(ascii: "`"): try skipExpansion(depth: depth + 1)
      case UInt8(ascii: "#"): throw complex
      case UInt8(ascii: "<") where peek(1) == UInt8(ascii: "<"): throw complex
      default: position += 1
      }
    }
    throw Stop.unclosed("(")
  }
}
