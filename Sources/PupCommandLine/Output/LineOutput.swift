internal import PupLogs

/// Log lines on standard output: for people, or one JSON object a line. Collects, so that a long answer is few writes.
struct LineOutput {
  private let asJSON: Bool
  private var buffer: [UInt8] = []
  private var isOpen = true

  init(asJSON: Bool) {
    self.asJSON = asJSON
    buffer.reserveCapacity(80 * 1024)
  }

  /// False when nobody reads any more.
  mutating func put(_ line: LogLine) -> Bool {
    if asJSON { putJSON(line) } else { putText(line) }
    return buffer.count < 64 * 1024 || flush()
  }

  @discardableResult
  mutating func flush() -> Bool {
    guard isOpen else { return false }
    isOpen = buffer.withUnsafeBytes { Terminal.write($0, to: 1) }
    buffer.removeAll(keepingCapacity: true)
    return isOpen
  }

  /// `2026-11-21T08:15:30.123456Z [LOG] [web:stdout] text`
  private mutating func putText(_ line: LogLine) {
    let colour = colour(of: line)
    if let colour { put("\u{1B}[\(colour)m") }
    put("\(Timestamp.text(line.time)) [\(line.severity.name.uppercased())] [\(line.process):\(line.category)] ")
    buffer += line.text
    if colour != nil { put("\u{1B}[0m") }
    buffer.append(10)
  }

  private func colour(of line: LogLine) -> Int? {
    guard Terminal.hasColours else { return nil }
    if line.severity == .error || line.category == "stderr" { return 31 }
    guard line.process == LogEntry.core else { return nil }
    return line.category == "starting" ? 32 : line.category == "finished" ? 33 : 90
  }

  /// The shape of the REST interface's LogItem: `timeStamp` in milliseconds.
  private mutating func putJSON(_ line: LogLine) {
    put("{\"timeStamp\":\(line.time.microseconds / 1000),\"time\":\"\(Timestamp.text(line.time))\",\"processId\":")
    putQuoted(Array(line.process.utf8))
    put(",\"severity\":\"\(line.severity.name)\",\"category\":")
    putQuoted(Array(line.category.utf8))
    put(",\"text\":")
    putQuoted(line.text)
    put("}\n")
  }

  private mutating func put(_ text: String) { buffer.append(contentsOf: text.utf8) }

  /// Bytes that are no UTF-8 become U+FFFD: JSON is text.
  private mutating func putQuoted(_ bytes: [UInt8]) {
    buffer.append(0x22)
    for byte in String(decoding: bytes, as: UTF8.self).utf8 {
      switch byte {
      case 0x22, 0x5C:
        buffer.append(0x5C)
        buffer.append(byte)
      case 0x0A: put("\\n")
      case 0x0D: put("\\r")
      case 0x09: put("\\t")
      case 0..<0x20, 0x7F:
        let digits = String(byte, radix: 16)
        put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: buffer.append(byte)
      }
    }
    buffer.append(0x22)
  }
}
