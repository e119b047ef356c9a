internal import PupBasics

/// Writes compact JSON, member by member, without building a value first.
///
///     var writer = JSONWriter()
///     writer.object { $0.member("id", "web"); $0.member("pid", 17) }
public struct JSONWriter: Sendable {
  /// What has been written so far; valid JSON once every container has been closed.
  public private(set) var bytes: [UInt8] = []
  /// Whether a value has been written at this level, so that the next one needs a comma.
  private var needsComma = false

  /// A writer that has written nothing.
  public init() {}

  /// What has been written so far.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  // MARK: - Containers

  /// Writes an object; `members` writes a name before each value.
  public mutating func object(_ members: (inout JSONWriter) -> Void) { container("{", "}", members) }
  /// Writes an array; `elements` writes the values.
  public mutating func array(_ elements: (inout JSONWriter) -> Void) { container("[", "]", elements) }

  /// Writes an array of values of one type.
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

  /// Writes a member's name; its value must be written next.
  public mutating func name(_ name: String) {
    separate()
    JSONText.append(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a member's name and value.
  public mutating func member(_ name: String, _ value: some JSONEncodable) {
    self.name(name)
    self.value(value)
  }

  /// Omits the member if there is no value.
  public mutating func member(_ name: String, ifPresent value: (some JSONEncodable)?) {
    if let value { member(name, value) }
  }

  // MARK: - Values

  /// Writes any encodable value.
  public mutating func value(_ value: some JSONEncodable) { value.write(to: &self) }

  /// `null`.
  public mutating func null() { raw("null") }

  mutating func string(_ text: String) {
    separate()
    JSONText.append(text, to: &bytes)
    needsComma = true
  }

  mutating func raw(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  /// Writes a value that is already JSON.
  public mutating func encoded(_ json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }
}
