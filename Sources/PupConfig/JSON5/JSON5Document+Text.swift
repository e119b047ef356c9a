extension JSON5Document {
  /// The text of a string or identifier with escapes decoded; the source of any other node.
  package func text(of node: Int) -> String {
    let content = contentRange(of: node)
    guard nodes[node].flagged, nodes[node].kind == .string || nodes[node].kind == .identifier else {
      return String(decoding: bytes[content], as: UTF8.self)
    }
    return String(decoding: decoded(content).map(\.byte), as: UTF8.self)
  }

  /// The bytes as written.
  package func source(of node: Int) -> String { String(decoding: bytes[nodes[node].range], as: UTF8.self) }

  /// The value of a number; nil for other nodes.
  package func number(of node: Int) -> JSON5Number? {
    guard nodes[node].kind == .number else { return nil }
    let range = nodes[node].range
    // Nearly all numbers have only a few digits; up to 18 always fit.
    guard range.count <= 18, bytes[range].allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
      return JSON5Number(source(of: node))
    }
    return .integer(bytes[range].reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) })
  }

  /// Whether a string or identifier equals `name`; avoids building a string in the common case.
  package func isText(_ node: Int, _ name: String) -> Bool {
    if nodes[node].flagged { return text(of: node) == name }
    let content = contentRange(of: node)
    guard content.count == name.utf8.count, let first = name.utf8.first else { return content.isEmpty && name.isEmpty }
    return bytes[content.lowerBound] == first && bytes[content].elementsEqual(name.utf8)
  }

  /// The byte offset in the document of the character with this index in a string's text.
  package func sourceOffset(ofCharacter position: Int, in node: Int) -> Int {
    let content = contentRange(of: node)
    let text = text(of: node)
    let index = text.index(text.startIndex, offsetBy: max(0, position), limitedBy: text.endIndex) ?? text.endIndex
    let distance = text.utf8.distance(from: text.startIndex, to: index)
    guard nodes[node].flagged else { return min(content.lowerBound + distance, content.upperBound) }
    let mapped = decoded(content)
    return distance < mapped.count ? mapped[distance].offset : content.upperBound
  }

  private func contentRange(of node: Int) -> Range<Int> {
    let range = nodes[node].range
    guard nodes[node].kind == .string, range.count >= 2 else { return range }
    return range.lowerBound + 1..<range.upperBound - 1
  }

  /// Each byte of the decoded text with its offset in the source. The parser has checked all escapes.
  private func decoded(_ content: Range<Int>) -> [(byte: UInt8, offset: Int)] {
    var result: [(byte: UInt8, offset: Int)] = []
    result.reserveCapacity(content.count)
    var position = content.lowerBound
    while position < content.upperBound {
      let start = position
      if bytes[position] != UInt8(ascii: "\\") {
        result.append((bytes[position], start))
        position += 1
        continue
      }
      var reader = JSON5EscapeReader(bytes: bytes, position: position)
      if case .scalar(let scalar) = reader.read() {
        for byte in String(scalar).utf8 { result.append((byte, start)) }
      }
      position = max(reader.position, start + 1)
    }
    return result
  }
}
