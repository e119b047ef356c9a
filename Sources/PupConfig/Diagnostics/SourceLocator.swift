/// Converts byte offsets in a text to lines and columns. Offsets
/// must be requested in ascending order, so that one pass is enough.
package struct SourceLocator {
  private let bytes: [UInt8]
  private var line = 1
  private var column = 1
  private var position = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// Line and column, both from 1. A column is a user-perceived character; lines end with LF, CR LF or CR.
  package mutating func locate(_ offset: Int) -> (line: Int, column: Int) {
    let target = min(offset, bytes.count)
    var start = position
    while position < target {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        line += 1
        column = 1
        start = position
      }
    }
    if position > start { column += String(decoding: bytes[start..<position], as: UTF8.self).count }
    return (line, column)
  }
}
