extension JSON5Parser {
  // MARK: - Strings

  mutating func parseString() {
    let start = position
    let quote = bytes[position]
    var hasEscapes = false
    var isValid = true
    position += 1
    while true {
      switch peek() {
      case quote:
        position += 1
        append(isValid ? .string : .invalid, from: start, flagged: hasEscapes)
        return
      case UInt8(ascii: "\\"):
        hasEscapes = true
        let escape = position
        var reader = JSON5EscapeReader(bytes: bytes, position: position)
        let outcome = reader.read()
        position = min(max(reader.position, escape + 1), bytes.count)
        if case .invalid(let what, let fix) = outcome {
          isValid = false
          report(at: escape, what, fix)
        }
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0:
        let mark = quote == UInt8(ascii: "'") ? "'" : "\""
        report(
          at: start, "this string is not closed on its line", "add \(mark), or end the line with \\ to continue on the next one")
        append(.invalid, from: start)
        return
      default:
        position += 1
      }
    }
  }

  // MARK: - Keys

  /// Reads a key; if there is none, reports the problem and returns false.
  mutating func parseKey() -> Bool {
    let start = position
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      parseString()
      if nodes[nodes.count - 1].kind == .invalid {
        nodes.removeLast()
        return false
      }
      return true
    default:
      var hasEscapes = false
      skipIdentifier(&hasEscapes)
      if position == start {
        report(at: position, "`\(nextCharacter())` cannot start a key", "write the key in quotes, then a colon")
        return false
      }
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start]) {
        report(at: start, "a key that starts with a digit needs quotes", "write \"\(text(from: start))\"")
      }
      append(.identifier, from: start, flagged: hasEscapes)
      return true
    }
  }

  private mutating func skipIdentifier(_ hasEscapes: inout Bool) {
    while !isAtEnd {
      switch bytes[position] {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
        position += 1
      case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "u"):
        var reader = JSON5EscapeReader(bytes: bytes, position: position)
        guard case .scalar = reader.read() else { return }
        hasEscapes = true
        position = reader.position
      case 0x80...:
        let (scalar, length) = nextScalar()
        guard scalar.properties.isIDContinue || scalar == "\u{200C}" || scalar == "\u{200D}" else { return }
        position += length
      default:
        return
      }
    }
  }

  // MARK: - Words and numbers

  /// `true`, `false`, `null`, `Infinity`, `NaN`, or text without its quotes.
  mutating func parseWord() {
    let start = position
    var hasEscapes = false
    skipIdentifier(&hasEscapes)
    if position == start {
      report(at: start, "`\(nextCharacter())` cannot start a value", "write text in \"quotes\"")
      position += nextScalar().length
      append(.invalid, from: start)
      return
    }
    let word = text(from: start)
    switch word {
    case "true": append(.true, from: start)
    case "false": append(.false, from: start)
    case "null": append(.null, from: start)
    case "Infinity", "NaN": append(.number, from: start)
    default:
      let lowered = word.lowercased()
      let fix =
        ["true", "false", "null"].contains(lowered)
        ? "write \(lowered)" : ["yes", "no", "on", "off"].contains(lowered) ? "write true or false" : "write text in \"quotes\""
      report(at: start, "`\(word)` is not a value", fix)
      append(.invalid, from: start)
    }
  }

  mutating func parseNumber() {
    let start = position
    while !isAtEnd, isNumberByte(bytes[position]) { position += 1 }
    if isPlainInteger(start..<position) { return append(.number, from: start) }
    let source = String(decoding: bytes[start..<position], as: UTF8.self)
    if JSON5Number(source) != nil {
      append(.number, from: start)
      return
    }
    let unsigned = source.drop { $0 == "+" || $0 == "-" }
    let fix =
      unsigned.first == "0" && unsigned.count > 1 && unsigned.dropFirst().allSatisfy(\.isNumber)
      ? "remove the leading zero" : "write a number like 42, -1.5, 2e3 or 0xff, and anything else in \"quotes\""
    report(at: start, "`\(text(from: start))` is not a number", fix)
    append(.invalid, from: start)
  }

  private func isPlainInteger(_ range: Range<Int>) -> Bool {
    guard let first = range.first, range.count == 1 || bytes[first] != UInt8(ascii: "0") else { return false }
    return bytes[range].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private func isNumberByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  // MARK: - Pieces of the text

  func text(from start: Int) -> String {
    let limit = min(position, start + 80)
    return String(decoding: bytes[start..<limit], as: UTF8.self)
  }

  func nextScalar() -> (scalar: Unicode.Scalar, length: Int) {
    var end = position + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let scalar = String(decoding: bytes[position..<end], as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
    return (scalar, end - position)
  }

  func nextCharacter() -> String { String(Character(nextScalar().scalar)) }
}
