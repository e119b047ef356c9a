/// The layout of a list's items or an object's members in the text.
struct ContainerLayout {
  let document: JSON5Document
  let lines: SourceLines
  /// Each item without its comma; a member from its key to the end of its value.
  let items: [Range<Int>]
  /// Between the brackets.
  let inside: Range<Int>
  /// Comments between the items, not in them.
  let comments: [Range<Int>]

  init(_ document: JSON5Document, _ node: Int) {
    self.document = document
    lines = SourceLines(bytes: document.bytes)
    let range = document.nodes[node].range
    let inside = range.lowerBound + 1..<range.upperBound - 1
    var items: [Range<Int>] = []
    if document.nodes[node].kind == .object {
      document.forEachMember(of: node) { key, value in
        items.append(document.nodes[key].range.lowerBound..<document.nodes[value].range.upperBound)
      }
    } else {
      items = document.elements(of: node).map { document.nodes[$0].range }
    }
    self.inside = inside
    self.items = items
    comments = document.comments.filter { comment in
      inside.contains(comment.lowerBound) && !items.contains { $0.contains(comment.lowerBound) }
    }
  }

  func comment(at offset: Int) -> Range<Int>? { comments.first { $0.lowerBound == offset } }

  func isLineComment(_ comment: Range<Int>) -> Bool { document.bytes[comment.lowerBound + 1] == UInt8(ascii: "/") }

  /// The comma after an item.
  func comma(after item: Int) -> Int? {
    let end = item + 1 < items.count ? items[item + 1].lowerBound : inside.upperBound
    var offset = items[item].upperBound
    while offset < end {
      if let comment = comment(at: offset) {
        offset = comment.upperBound
      } else if document.bytes[offset] == UInt8(ascii: ",") {
        return offset
      } else {
        offset += 1
      }
    }
    return nil
  }

  /// The end of what precedes an item: the opening bracket, or the previous item's comma.
  func boundary(before item: Int) -> Int {
    guard item > 0 else { return inside.lowerBound }
    return (comma(after: item - 1) ?? items[item - 1].upperBound - 1) + 1
  }

  /// Whether the item is the first on its line.
  func beginsLine(_ item: Int) -> Bool { lines.hasBreak(boundary(before: item)..<items[item].lowerBound) }

  /// The position after the comments on the line of `offset` that belong to
  /// what precedes it. A comment followed by an item belongs to that item.
  func afterComments(_ offset: Int) -> Int {
    var end = offset
    while let comment = comment(at: lines.afterBlanks(end)) {
      let next = lines.afterBlanks(comment.upperBound)
      if items.contains(where: { $0.lowerBound == next }) { break }
      end = comment.upperBound
    }
    return end
  }
}
