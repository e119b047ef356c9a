internal import Glibc

/// Turns stored lines into lines that own their text; the few categories of a log become strings once.
struct LineMaker {
  private static let known = 64

  private var categories: [(bytes: [UInt8], text: String)] = []

  mutating func line(_ stored: StoredLine, process: String) -> LogLine {
    LogLine(
      time: stored.time, severity: stored.severity, category: category(stored.category), process: process,
      text: [UInt8](stored.text), isPartial: stored.continues, isContinuation: stored.continued)
  }

  private mutating func category(_ bytes: UnsafeRawBufferPointer) -> String {
    for known in categories where known.bytes.count == bytes.count && known.bytes.elementsEqual(bytes) { return known.text }
    let text = String(decoding: bytes, as: UTF8.self)
    if categories.count == Self.known { categories.removeAll() }
    categories.append((Array(bytes), text))
    return text
  }
}
