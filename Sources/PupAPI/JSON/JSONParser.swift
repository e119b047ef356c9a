/// A strict parser: no comments, no trailing commas, no duplicate names, no lone surrogates, valid UTF-8 only.
struct JSONParser {
  let bytes: ArraySlice<UInt8>
  let limits: JSONLimits
  var position: Int
  var depth = 0

  init(_ bytes: [UInt8], limits: JSONLimits) {
    self.bytes = bytes[...]
    self.limits = limits
    position = 0
  }

  mutating func document() throws(JSONProblem) -> JSONValue {
    guard bytes.count <= limits.bytes else { throw problem("longer than \(limits.bytes) bytes", at: 0) }
    skipBlanks()
    let value = try self.value()
    skipBlanks()
    guard position == bytes.endIndex else { throw problem("there is text after the value") }
    return value
  }

  // MARK: - Values

  private mutating func value() throws(JSONProblem) -> JSONValue {
    guard let byte = peek else { throw problem("expected a value, found the end of the text") }
    switch byte {
    case UInt8(ascii: "{"): return try nested { (parser) throws(JSONProblem) in .object(try parser.object()) }
    case UInt8(ascii: "["): return try nested { (parser) throws(JSONProblem) in .array(try parser.array()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw problem("expected a value")
    }
  }

  private mutating func nested(
    _ read: (inout JSONParser) throws(JSONProblem) -> JSONValue
  ) throws(JSONProblem) -> JSONValue {
    guard depth < limits.depth else { throw problem("nested deeper than \(limits.depth)") }
    depth += 1
    position += 1
    let value = try read(&self)
    depth -= 1
    return value
  }

  private mutating func array() throws(JSONProblem) -> [JSONValue] {
    var elements: [JSONValue] = []
    skipBlanks()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      skipBlanks()
      elements.append(try value())
      skipBlanks()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw problem("expected ',' or ']'") }
    }
  }

  private mutating func object() throws(JSONProblem) -> JSONObject {
    var members: [JSONObject.Member] = []
    var names: Set<String> = []
    skipBlanks()
    if take(UInt8(ascii: "}")) { return JSONObject(members: members) }
    while true {
      skipBlanks()
      guard peek == UInt8(ascii: "\"") else { throw problem("expected a name in quotes") }
      let start = position
      let name = try string()
      guard names.insert(name).inserted else { throw problem("duplicate name", at: start) }
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw problem("expected ':'") }
      skipBlanks()
      members.append(JSONObject.Member(name: name, value: try value()))
      skipBlanks()
      if take(UInt8(ascii: "}")) { return JSONObject(members: members) }
      guard take(UInt8(ascii: ",")) else { throw problem("expected ',' or '}'") }
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
    let end = position + text.utf8.count
    guard end <= bytes.endIndex, bytes[position..<end].elementsEqual(text.utf8) else { throw problem("expected a value") }
    position = end
    return value
  }

  private mutating func number() throws(JSONProblem) -> JSONValue {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let first = position
    guard digits() else { throw problem("expected a digit") }
    if bytes[first] == UInt8(ascii: "0"), position > first + 1 { throw problem("leading zero in a number", at: first) }
    var isWhole = true
    if take(UInt8(ascii: ".")) {
      isWhole = false
      guard digits() else { throw problem("expected a digit") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() else { throw problem("expected a digit") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int64(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else { throw problem("the number is too large", at: start) }
    return .number(number)
  }

  private mutating func digits() -> Bool {
    let start = position
    while let byte = peek, byte &- UInt8(ascii: "0") < 10 { position += 1 }
    return position > start
  }

  // MARK: - Bytes

  var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  func problem(_ message: String, at offset: Int? = nil) -> JSONProblem {
    JSONProblem(message, offset: offset ?? position, in: bytes)
  }
}

extension JSONValue {
  /// Reads one JSON text.
  public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONProblem) {
    var parser = JSONParser(bytes, limits: limits)
    self = try parser.document()
  }

  /// Reads one JSON text.
  public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONProblem) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }
}
