extension ContainerLayout {
  /// Removes an item with its comma, the comments on its line, and those directly above it.
  func removal(of item: Int) -> [TextEdit] {
    if items.count == 1 { return [removalOfOnly()] }
    var edits: [TextEdit] = []
    if item == items.count - 1, comma(after: item) == nil, let superfluous = comma(after: item - 1) {
      edits.append(.delete(superfluous..<superfluous + 1))
    }
    return edits + [.delete(removedRange(item))]
  }

  private func removalOfOnly() -> TextEdit {
    let range = removedRange(0)
    let hasOtherComments = comments.contains { $0.lowerBound < range.lowerBound || $0.lowerBound >= range.upperBound }
    return .delete(hasOtherComments ? range : inside)
  }

  private func removedRange(_ item: Int) -> Range<Int> {
    let start = start(of: item)
    let end = end(of: item)
    let boundary = boundary(before: item)
    let afterLine = lines.afterBreak(lines.afterBlanks(end))
    let lineStart = lines.start(of: start)
    if lineStart >= boundary, lines.hasBreak(boundary..<start) {
      if let afterLine { return wholeLines(lineStart..<afterLine, isLast: item == items.count - 1) }
      // Something follows on the line: the next item moves into this one's place, a bracket to the end of the previous line.
      let followsComment = comments.contains { $0.upperBound == lines.breakBefore(lineStart) && isLineComment($0) }
      if item < items.count - 1 { return start..<lines.afterBlanks(end) }
      return (followsComment ? start : lines.breakBefore(lineStart))..<end
    }
    if item > 0 { return boundary..<end }
    let next = items.count > 1 ? items[1].lowerBound : inside.upperBound
    let onlySpace = !comments.contains { $0.lowerBound >= end && $0.lowerBound < next }
    return start..<(onlySpace ? next : lines.afterBlanks(end))
  }

  /// Avoids leaving two consecutive empty lines, or one next to a bracket.
  private func wholeLines(_ range: Range<Int>, isLast: Bool) -> Range<Int> {
    let before = lines.beforeEmptyLines(range.lowerBound)
    let after = lines.afterEmptyLines(range.upperBound)
    let followsBracket =
      lines.breakBefore(before) < inside.lowerBound || lines.afterBlanks(inside.lowerBound) == lines.breakBefore(before)
    if isLast, lines.afterBlanks(after) == inside.upperBound { return before..<after }
    return range.lowerBound..<(before < range.lowerBound || followsBracket ? after : range.upperBound)
  }

  // MARK: What belongs to an item

  private func end(of item: Int) -> Int {
    afterComments(comma(after: item).map { $0 + 1 } ?? items[item].upperBound)
  }

  /// Includes the comments above it, up to an empty line, and those before it on its line.
  private func start(of item: Int) -> Int {
    let boundary = boundary(before: item)
    let itemBeginsLine = beginsLine(item)
    var start = items[item].lowerBound
    for comment in comments.reversed() where comment.upperBound <= start && comment.lowerBound >= boundary {
      let gap = comment.upperBound..<start
      guard breaks(in: gap) <= 1 else { break }
      // A comment after the previous item on its line describes that item.
      if itemBeginsLine, !lines.hasBreak(boundary..<comment.lowerBound) { break }
      start = comment.lowerBound
    }
    return start
  }

  private func breaks(in range: Range<Int>) -> Int {
    var count = 0
    var offset = range.lowerBound
    while offset < range.upperBound {
      if let next = lines.afterBreak(offset) {
        count += 1
        offset = next
      } else {
        offset += 1
      }
    }
    return count
  }
}
