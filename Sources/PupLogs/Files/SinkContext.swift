internal import PupSystem

/// What all sinks of a pump share. Belongs to the pump's thread.
final class SinkContext {
  /// A sink formats and writes so many bytes at a time; a line more fits behind it.
  static let chunkBytes = 384 << 10

  let streams: StreamLedger
  let ledger: SinkLedger
  let probe: CommitProbe?
  var buffer = ByteBuffer(capacity: chunkBytes + 2 * LineFormat.maximumLine)
  var prefix = ByteBuffer(capacity: 512)
  /// What the sinks have to say about themselves; the pump writes it down between two batches.
  private(set) var notes: [LogEntry] = []

  init(streams: StreamLedger, ledger: SinkLedger, probe: CommitProbe?) {
    self.streams = streams
    self.ledger = ledger
    self.probe = probe
  }

  /// Whole lines behind the prefix, into the buffer.
  func appendLines(_ text: UnsafePointer<UInt8>, _ length: Int) -> (taken: Int, lines: Int) {
    buffer.appendLines(text, length, prefix: prefix, limit: Self.chunkBytes)
  }

  func committer(_ kind: SinkKind, _ name: String) -> Committer {
    let entry = ledger.claim(kind, name)
    if entry == nil {
      note(LogEntry(.warn, "logger", "\(name): no room for its commit record; a crash may repeat or cut its last lines"))
    }
    return Committer(kind, entry: entry, streams: streams, probe: probe)
  }

  func note(_ entry: LogEntry) {
    // More than a few at once say the same thing about many sinks.
    if notes.count < 256 { notes.append(entry) }
  }

  func takeNotes() -> [LogEntry] {
    defer { notes.removeAll() }
    return notes
  }
}
