internal import Glibc

/// A line of a segment, taken apart in place.
struct StoredLine {
  let time: LogTime
  let severity: LogSeverity
  /// Without piece marks. Both buffers are valid as long as the block they were read from.
  let category: UnsafeRawBufferPointer
  let text: UnsafeRawBufferPointer
  /// It continues the previous line of its category, or continues in the next one.
  let continued: Bool
  let continues: Bool

  /// The timestamp alone; nil if `bytes` do not begin like a line.
  static func time(_ bytes: UnsafeRawBufferPointer) -> LogTime? {
    guard bytes.count > Timestamp.width, bytes[Timestamp.width] == LineFormat.blank, let base = bytes.baseAddress else {
      return nil
    }
    return Timestamp.parse(base.assumingMemoryBound(to: UInt8.self))
  }

  /// - Parameter bytes: a line without its line feed. Nil when it is damaged.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let time = Self.time(bytes), let base = bytes.baseAddress else { return nil }
    self.time = time
    let severityStart = Timestamp.width + 1
    guard let severityEnd = Self.blank(base, from: severityStart, to: bytes.count),
      let severity = Self.severity(UnsafeRawBufferPointer(rebasing: bytes[severityStart..<severityEnd]))
    else { return nil }
    self.severity = severity
    guard var categoryEnd = Self.blank(base, from: severityEnd + 1, to: bytes.count) else { return nil }
    text = UnsafeRawBufferPointer(rebasing: bytes[(categoryEnd + 1)...])
    var categoryStart = severityEnd + 1
    guard categoryEnd > categoryStart else { return nil }
    continued = bytes[categoryStart] == LineFormat.pieceMark
    if continued { categoryStart += 1 }
    continues = categoryEnd > categoryStart && bytes[categoryEnd - 1] == LineFormat.pieceMark
    if continues { categoryEnd -= 1 }
    category = UnsafeRawBufferPointer(rebasing: bytes[categoryStart..<categoryEnd])
  }

  private static func blank(_ base: UnsafeRawPointer, from start: Int, to end: Int) -> Int? {
    // A severity has at most 5 bytes, a category 66: a line without a blank by then is damaged.
    let window = min(end - start, LineFormat.maximumCategory + 3)
    guard window > 0, let found = memchr(base + start, Int32(LineFormat.blank), window) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  private static func severity(_ word: UnsafeRawBufferPointer) -> LogSeverity? {
    LogSeverity.allCases.first { word.elementsEqual($0.name.utf8) }
  }
}
