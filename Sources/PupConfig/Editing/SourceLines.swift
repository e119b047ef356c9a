/// The lines of a text, as an editor sees them: ended by LF, CR LF or CR.
struct SourceLines {
  let bytes: [UInt8]

  func isBreak(_ offset: Int) -> Bool { bytes[offset] == 0x0A || bytes[offset] == 0x0D }
  func isBlank(_ offset: Int) -> Bool { bytes[offset] == 0x20 || bytes[offset] == 0x09 }

  /// Where the line with this byte begins.
  func start(of offset: Int) -> Int {
    var start = min(offset, bytes.count)
    while start > 0, !isBreak(start - 1) { start -= 1 }
    return start == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) && offset >= 3 ? 3 : start
  }

  /// Skips spaces and tabs.
  func afterBlanks(_ offset: Int) -> Int {
    var end = offset
    while end < bytes.count, isBlank(end) { end += 1 }
    return end
  }

  /// Behind the line break at `offset`; nil where there is none, and at the end of the text.
  func afterBreak(_ offset: Int) -> Int? {
    guard offset < bytes.count, isBreak(offset) else { return nil }
    return bytes[offset] == 0x0D && offset + 1 < bytes.count && bytes[offset + 1] == 0x0A ? offset + 2 : offset + 1
  }

  /// Where the line break before `start`, the beginning of a line, begins.
  func breakBefore(_ start: Int) -> Int {
    guard start > 0, isBreak(start - 1) else { return start }
    return start > 1 && bytes[start - 1] == 0x0A && bytes[start - 2] == 0x0D ? start - 2 : start - 1
  }

  func hasBreak(_ range: Range<Int>) -> Bool { range.contains(where: isBreak) }

  /// White space that begins the line with this byte.
  func indentation(at offset: Int) -> String {
    let start = start(of: offset)
    return String(decoding: bytes[start..<min(afterBlanks(start), max(offset, start))], as: UTF8.self)
  }

  /// Behind the empty lines that begin at `start`, the beginning of a line.
  func afterEmptyLines(_ start: Int) -> Int {
    var end = start
    while let next = afterBreak(afterBlanks(end)) { end = next }
    return end
  }

  /// Where the empty lines that end at `start`, the beginning of a line, begin.
  func beforeEmptyLines(_ start: Int) -> Int {
    var first = start
    while first > 0 {
      let previous = self.start(of: breakBefore(first))
      guard previous < first, afterBlanks(previous) == breakBefore(first) else { break }
      first = previous
    }
    return first
  }
}
