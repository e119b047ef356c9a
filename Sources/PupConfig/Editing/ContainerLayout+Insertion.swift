extension ContainerLayout {
  /// Adds an item at the end, laid out like its neighbors.
  /// - Parameter item: produces the item's text for a place in the document.
  func insertion(_ style: WritingStyle, _ item: (ItemPlace) -> String) -> [TextEdit] {
    guard let last = items.indices.last else { return [insertionIntoEmpty(style, item)] }
    let comma = comma(after: last)
    let anchor = afterComments(comma.map { $0 + 1 } ?? items[last].upperBound)
    let followsLineComment = comments.contains { $0.upperBound == anchor && isLineComment($0) }
    var text: String
    if beginsLine(last) || followsLineComment {
      let indent = lines.indentation(at: items[last].lowerBound)
      text = style.newline + (isSpacedOut ? style.newline : "") + indent + item(place(indent, style))
    } else {
      text = separator(style) + item(inlinePlace(after: last, style))
    }
    if comma != nil { text += "," }
    // The previous item's comma goes right after it, the new item after its comments.
    return (comma == nil ? [.insert(",", at: items[last].upperBound)] : []) + [.insert(text, at: anchor)]
  }

  private func insertionIntoEmpty(_ style: WritingStyle, _ item: (ItemPlace) -> String) -> TextEdit {
    let start = comments.last?.upperBound ?? inside.lowerBound
    guard style.isMultiline else {
      return TextEdit(range: start..<inside.upperBound, text: style.padding + item(.oneLine) + style.padding)
    }
    let base = lines.indentation(at: inside.lowerBound - 1)
    var indent = base + style.unit
    if let comment = comments.last, lines.hasBreak(inside.lowerBound..<comment.lowerBound) {
      indent = lines.indentation(at: comment.lowerBound)
    }
    // A comment in an empty list does not describe the item added to it.
    let gap = comments.isEmpty ? "" : style.newline
    let text = style.newline + gap + indent + item(place(indent, style)) + (style.trailingComma ? "," : "") + style.newline + base
    return TextEdit(range: start..<inside.upperBound, text: text)
  }

  private func place(_ indent: String, _ style: WritingStyle) -> ItemPlace {
    style.itemIsMultiline ? .lines(closing: indent, members: style.memberIndent(below: indent)) : .oneLine
  }

  /// For a list like `[{` … `}, {` … `}]`.
  private func inlinePlace(after last: Int, _ style: WritingStyle) -> ItemPlace {
    guard style.itemIsMultiline else { return .oneLine }
    let closing = lines.indentation(at: items[last].upperBound - 1)
    return .lines(closing: closing, members: style.memberIndent(below: closing))
  }

  /// Whether empty lines separate the items.
  private var isSpacedOut: Bool {
    guard items.count > 1 else { return false }
    var offset = items[items.count - 2].upperBound
    while offset < items[items.count - 1].lowerBound {
      if let next = lines.afterBreak(offset), lines.afterBreak(lines.afterBlanks(next)) != nil { return true }
      offset += 1
    }
    return false
  }

  /// Between two items on one line.
  private func separator(_ style: WritingStyle) -> String {
    guard items.count > 1 else { return style.isCompact ? "" : " " }
    let start = boundary(before: items.count - 1)
    return String(
      decoding: document.bytes[start..<min(lines.afterBlanks(start), items[items.count - 1].lowerBound)], as: UTF8.self)
  }
}
