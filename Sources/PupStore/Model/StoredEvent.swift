package import PupCore

/// A state event, as replayed to streams that resume.
package struct StoredEvent: Hashable, Sendable {
  package var epoch: String
  package var number: Int64
  package var time: WallTime
  /// The event's name on the wire.
  package var type: String
  package var process: ProcessID?
  /// The payload as it was sent: JSON.
  package var payload: String
  /// How many numbers before this one belong to events that were sent, but for which there was no room in the store.
  package var lostBefore: Int64

  package init(
    epoch: String, number: Int64, time: WallTime, type: String, process: ProcessID?, payload: String, lostBefore: Int64 = 0
  ) {
    self.epoch = epoch
    self.number = number
    self.time = time
    self.type = type
    self.process = process
    self.payload = payload
    self.lostBefore = lostBefore
  }
}
