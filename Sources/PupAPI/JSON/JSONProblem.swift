/// Why a text is not valid JSON, or exceeds the limits.
public struct JSONProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// "expected ',' or '}'"
  public var message: String
  /// Bytes from the start of the text.
  public var offset: Int
  /// From 1; the column counts bytes.
  public var line: Int
  /// From 1; counts bytes.
  public var column: Int

  /// "line 3, column 7: expected a value"
  public var description: String { "line \(line), column \(column): \(message)" }

  init(_ message: String, offset: Int, in text: some Collection<UInt8>) {
    self.message = message
    self.offset = offset
    line = 1
    column = 1
    for byte in text.prefix(offset) {
      column += 1
      if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) }
    }
  }
}
