internal import PupBasics
internal import PupLogs

/// A log line in the shape of the REST interface's LogItem: `timeStamp` in milliseconds, and `time` to the microsecond.
enum LineJSON {
  static func object(_ line: LogLine) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.text.count + 160)
    bytes += "{\"timeStamp\":\(line.time.microseconds / 1000),\"time\":\"\(Timestamp.text(line.time))\",\"processId\":".utf8
    JSONText.append(line.process, to: &bytes)
    bytes += ",\"severity\":\"\(line.severity.name)\",\"category\":".utf8
    JSONText.append(line.category, to: &bytes)
    bytes += ",\"text\":".utf8
    // Bytes that are not UTF-8 become U+FFFD: JSON is text.
    JSONText.append(String(decoding: line.text, as: UTF8.self), to: &bytes)
    if line.isPartial { bytes += ",\"partial\":true".utf8 }
    if line.isContinuation { bytes += ",\"continued\":true".utf8 }
    if let length = line.wholeLength { bytes += ",\"length\":\(length)".utf8 }
    bytes += "}\n".utf8
    return bytes
  }
}
