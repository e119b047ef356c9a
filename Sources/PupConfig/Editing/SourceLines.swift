/// The lines of a text as an editor sees them, terminated by LF, CR LF or CR.
struct SourceLines {
  let bytes: [UInt8]

  func isBreak(_ offset: Int) -> Bool { bytes[offset] == 0x0A || bytes[offset] == 0x0D }
  func isBlank(_ offset: Int) -> Bool { bytes[offset] == 0x20 || bytes[offset] == 0x09 }

  /// The start of the line that contains this byte.
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

  /// The position after the line break at `offset`; nil if there is none, or at the end of the text.
  func afterBreak(_ offset: Int) -> Int? {
    guard offset < bytes.count, isBreak(offset) else { return nil }
    return bytes[offset] == 0x0D && offset + 1 < bytes.count && bytes[offset + 1] == 0x0A ? offset + 2 : offset + 1
  }

  /// The start of the line break that precedes `start`, itself the start of a line.
  func breakBefore(_ start: Int) -> Int {
    guard start > 0, isBreak(start - 1) else { return start }
    return start > 1 && bytes[start - 1] == 0x0A && bytes[start - 2] == 0x0D ? start - 2 : start - 1
  }

  func hasBreak(_ range: Range<Int>) -> Bool { range.contains(where: isBreak) }

  /// The leading whitespace of the line that contains this byte.
  func indentation(at offset: Int) -> String {
    let start = start(of: offset)
    return String(decoding: bytes[start..<min(afterBlanks(start), max(offset, start))], as: UTF8.self)
  }

  /// The position after the empty lines that begin at `start`, the start of a line.
  func afterEmptyLines(_ start: Int) -> Int {
    var end = start
    while let next = afterBreak(afterBlanks(end)) { end = next }
    return end
  }

  /// The start of the empty lines that end at `start`, the start of a line.
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
