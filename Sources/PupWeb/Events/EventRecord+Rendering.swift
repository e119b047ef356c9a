internal import PupAPI
internal import PupEvents

/// How an event goes over a connection.
extension EventRecord {
  /// `id:`, `event:` and `data:` lines; JSON has no line breaks, so one data line is enough.
  func appendServerSentEvent(epoch: String, to bytes: inout [UInt8]) {
    if !name.isLiveOnly { bytes.append(contentsOf: "id: \(epoch)-\(sequence)\n".utf8) }
    bytes.append(contentsOf: "event: \(name.rawValue)\ndata: ".utf8)
    bytes.append(contentsOf: json)
    bytes.append(contentsOf: "\n\n".utf8)
  }

  /// `{"t": event, "d": payload}`; `{"t": event}` for events that have none.
  func frame() -> [UInt8] {
    // The original's have no payload.
    if name == .watchdog || name == .initialized { return Array("{\"t\":\"\(name.rawValue)\"}".utf8) }
    return Array("{\"t\":\"\(name.rawValue)\",\"d\":".utf8) + json + [UInt8(ascii: "}")]
  }
}
