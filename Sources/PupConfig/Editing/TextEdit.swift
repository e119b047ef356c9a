/// Replaces a range of bytes; an empty range inserts.
struct TextEdit: Hashable, Sendable {
  var range: Range<Int>
  var text: String

  static func insert(_ text: String, at offset: Int) -> TextEdit { TextEdit(range: offset..<offset, text: text) }
  static func delete(_ range: Range<Int>) -> TextEdit { TextEdit(range: range, text: "") }
}

extension [TextEdit] {
  /// The text with all edits applied. They must not overlap; edits at the same position are applied in list order.
  func applied(to bytes: [UInt8]) -> [UInt8] {
    let ordered = enumerated().sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 256)
    var position = 0
    for (_, edit) in ordered {
      if edit.range.lowerBound > position { result += bytes[position..<edit.range.lowerBound] }
      result += edit.text.utf8
      position = Swift.max(position, edit.range.upperBound)
    }
    return result + bytes[Swift.min(position, bytes.count)...]
  }
}
