/// Reads JSON5 (https://spec.json5.org) into nodes, and continues after an error if it can resynchronize.
/// One grammar, a method for each of its rules.
struct JSON5Parser {
  static let problemLimit = 100

  let bytes: [UInt8]
  var position = 0
  var nodes: [JSON5Node] = []
  var comments: [Range<Int>] = []
  var problems: [JSON5Problem] = []
  var structureLost = false
  /// Too many problems: the rest of the text is ignored.
  var isStopped = false
  /// The opening brackets of the containers around `position`.
  var open: [(byte: UInt8, offset: Int)] = []

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    nodes.reserveCapacity(bytes.count / 12)
  }

  mutating func parseDocument() {
    skipTrivia()
    if isAtEnd {
      report(at: 0, "the file is empty", "start with { \"processes\": [] }")
      return
    }
    parseValue()
    skipTrivia()
    if !isAtEnd, !structureLost {
      report(at: position, "there is text after the end of the configuration", "remove it, or check the brackets before it")
      structureLost = true
    }
  }

  // MARK: - Values

  mutating func parseValue() {
    switch peek() {
    case UInt8(ascii: "{"): parseContainer { $0.parseObject() }
    case UInt8(ascii: "["): parseContainer { $0.parseArray() }
    case UInt8(ascii: "\""), UInt8(ascii: "'"): parseString()
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): parseNumber()
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), 0: missingValue()
    default: parseWord()
    }
  }

  mutating func missingValue() {
    report(at: position, "a value is missing here", "write one, or remove the key or comma before it")
    append(.invalid, from: position)
  }

  private mutating func parseContainer(_ parse: (inout JSON5Parser) -> Void) {
    let start = position
    guard open.count < JSON5Document.depthLimit else {
      report(at: start, "values are nested deeper than \(JSON5Document.depthLimit) levels", "make the structure flatter")
      skipContainer()
      append(.invalid, from: start)
      return
    }
    open.append((peek(), start))
    let index = nodes.count
    append(peek() == UInt8(ascii: "{") ? .object : .array, from: start)
    position += 1
    parse(&self)
    open.removeLast()
    nodes[index].end = UInt32(position)
    nodes[index].next = UInt32(nodes.count)
  }

  private mutating func parseArray() {
    while true {
      skipTrivia()
      switch peek() {
      case 0 where isAtEnd: return unclosed()
      case UInt8(ascii: "]"):
        position += 1
        return
      case UInt8(ascii: "}"):
        if mismatch(closer: "}", expected: "]", opener: UInt8(ascii: "{")) { return }
      case UInt8(ascii: ","):
        surplusComma()
      default:
        let value = nodes.count
        parseValue()
        skipTrivia()
        if peek() == UInt8(ascii: ":") {
          report(at: position, "a list cannot contain `:`", "wrap key and value in { }")
          position += 1
        } else {
          separator(after: nodes[value])
        }
      }
    }
  }

  private mutating func parseObject() {
    while true {
      skipTrivia()
      switch peek() {
      case 0 where isAtEnd: return unclosed()
      case UInt8(ascii: "}"):
        position += 1
        return
      case UInt8(ascii: "]"):
        if mismatch(closer: "]", expected: "}", opener: UInt8(ascii: "[")) { return }
      case UInt8(ascii: ","):
        surplusComma()
      case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"):
        valueWithoutKey()
      default:
        parseMember()
      }
    }
  }

  private mutating func parseMember() {
    guard parseKey() else {
      markRecovery()
      return skipToDelimiter()
    }
    let key = nodes[nodes.count - 1]
    skipTrivia()
    switch peek() {
    case UInt8(ascii: ":"):
      position += 1
    case UInt8(ascii: "="):
      report(at: position, "there is an `=` after a key", "write :")
      position += 1
    default:
      report(at: Int(key.end), "a colon is missing after the key", "write key: value")
      markRecovery()
      guard startsUnmistakableValue else {
        append(.invalid, from: position)
        return skipToDelimiter()
      }
    }
    skipTrivia()
    let value = nodes.count
    parseValue()
    skipTrivia()
    separator(after: nodes[value])
  }

  private var startsUnmistakableValue: Bool {
    switch peek() {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }

  private mutating func valueWithoutKey() {
    report(at: position, "there is a value without a key", "write key: value")
    markRecovery()
    let count = nodes.count
    if peek() == UInt8(ascii: ":") { position += 1 }
    skipTrivia()
    if !isAtEnd, peek() != UInt8(ascii: "}"), peek() != UInt8(ascii: "]") { parseValue() }
    nodes.removeSubrange(count...)
    skipTrivia()
    if peek() == UInt8(ascii: ",") { position += 1 }
  }
}
