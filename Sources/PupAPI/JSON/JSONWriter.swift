/// Writes compact JSON, member by member, without building a value first.
///
///     var writer = JSONWriter()
///     writer.object { $0.member("id", "web"); $0.member("pid", 17) }
public struct JSONWriter: Sendable {
  /// What has been written so far; valid JSON once every container has been closed.
  public private(set) var bytes: [UInt8] = []
  /// A value has been written at this level: the next one needs a comma.
  private var needsComma = false

  /// A writer that has written nothing.
  public init() {}

  /// What has been written so far.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  // MARK: - Containers

  /// An object; `members` writes a name before each value.
  public mutating func object(_ members: (inout JSONWriter) -> Void) { container("{", "}", members) }
  /// An array; `elements` writes the values.
  public mutating func array(_ elements: (inout JSONWriter) -> Void) { container("[", "]", elements) }

  /// An array of values of one kind.
  public mutating func array<Element: JSONEncodable>(_ elements: [Element]) {
    array { writer in for element in elements { writer.value(element) } }
  }

  private mutating func container(_ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: opening))
    needsComma = false
    body(&self)
    bytes.append(UInt8(ascii: closing))
    needsComma = true
  }

  // MARK: - Members

  /// What is written next is this member's value.
  public mutating func name(_ name: String) {
    separate()
    quote(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A name with its value.
  public mutating func member(_ name: String, _ value: some JSONEncodable) {
    self.name(name)
    self.value(value)
  }

  /// Leaves the member out where there is no value.
  public mutating func member(_ name: String, ifPresent value: (some JSONEncodable)?) {
    if let value { member(name, value) }
  }

  // MARK: - Values

  /// Any value that can write itself.
  public mutating func value(_ value: some JSONEncodable) { value.write(to: &self) }

  /// `null`.
  public mutating func null() { raw("null") }

  mutating func string(_ text: String) {
    separate()
    quote(text)
    needsComma = true
  }

  mutating func raw(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  /// A value that is JSON already.
  public mutating func encoded(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let characters = text.utf8
    var start = characters.startIndex
    for index in characters.indices where Self.needsEscape(characters[index]) {
      bytes.append(contentsOf: characters[start..<index])
      escape(characters[index])
      start = characters.index(after: index)
    }
    bytes.append(contentsOf: characters[start...])
    bytes.append(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }
}
