package import PupAPI

/// An event, rendered once for all readers.
package final class EventRecord: Sendable {
  package let name: EventName
  /// Increases by one with each event that is not live-only; live-only events carry the number of the event before them.
  package let sequence: UInt64
  /// In lower case.
  package let processId: String?
  package let severity: APILogSeverity?
  /// Of a log line; in lower case.
  package let category: String?
  /// The payload.
  package let json: [UInt8]
  /// How many numbers before this one stand for events that are not available.
  package let lostBefore: UInt64
  /// Not an event, but the place where this many log lines of the process were left out; 0 for an event.
  package let gap: UInt64

  package init(
    name: EventName, sequence: UInt64, processId: String?, severity: APILogSeverity?, category: String? = nil, json: [UInt8],
    lostBefore: UInt64 = 0
  ) {
    self.lostBefore = lostBefore
    self.category = category?.lowercased()
    gap = 0
    self.name = name
    self.sequence = sequence
    self.processId = processId?.lowercased()
    self.severity = severity
    self.json = json
  }

  package init(gapOf count: UInt64, sequence: UInt64, processId: String) {
    (name, self.sequence, self.processId, severity, category) = (.log, sequence, processId.lowercased(), nil, nil)
    (json, lostBefore, gap) = ([], 0, count)
  }
}
