package import PupAPI

/// An event, rendered once for all who read it.
package final class EventRecord: Sendable {
  package let name: EventName
  /// Rises by one with each event that is not live-only; those carry the number of the event before them.
  package let sequence: UInt64
  /// In lower case.
  package let processId: String?
  package let severity: APILogSeverity?
  /// The payload.
  package let json: [UInt8]
  /// So many numbers before this one stand for events that are not to be had.
  package let lostBefore: UInt64
  /// No event, but the place where so many log lines of the process were left out; 0 for an event.
  package let gap: UInt64

  package init(
    name: EventName, sequence: UInt64, processId: String?, severity: APILogSeverity?, json: [UInt8], lostBefore: UInt64 = 0
  ) {
    self.lostBefore = lostBefore
    gap = 0
    self.name = name
    self.sequence = sequence
    self.processId = processId?.lowercased()
    self.severity = severity
    self.json = json
  }

  package init(gapOf count: UInt64, sequence: UInt64, processId: String) {
    (name, self.sequence, self.processId, severity) = (.log, sequence, processId.lowercased(), nil)
    (json, lostBefore, gap) = ([], 0, count)
  }

  /// `id:`, `event:` and `data:` lines; JSON has no line breaks, so one data line is enough.
  func appendServerSentEvent(epoch: String, to bytes: inout [UInt8]) {
    if !name.isLiveOnly { bytes.append(contentsOf: "id: \(epoch)-\(sequence)\n".utf8) }
    bytes.append(contentsOf: "event: \(name.rawValue)\ndata: ".utf8)
    bytes.append(contentsOf: json)
    bytes.append(contentsOf: "\n\n".utf8)
  }

  /// `{"t": event, "d": payload}`
  func frame() -> [UInt8] {
    Array("{\"t\":\"\(name.rawValue)\",\"d\":".utf8) + json + [UInt8(ascii: "}")]
  }
}
