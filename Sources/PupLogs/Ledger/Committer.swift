internal import PupSystem

/// The second half of every commit: record, then the stream's offset. The bytes are in the file before it is called.
final class Committer {
  private let kind: SinkKind
  private let streams: StreamLedger
  private let probe: CommitProbe?
  /// Nil for a sink without a record: it cannot be cut back, so it is at most once across a crash.
  private let entry: SinkEntry?
  /// The record in force.
  private(set) var record: SinkRecord

  init(_ kind: SinkKind, entry: SinkEntry?, streams: StreamLedger, probe: CommitProbe?) {
    self.kind = kind
    self.entry = entry
    self.streams = streams
    self.probe = probe
    record = entry?.newest ?? SinkRecord(identity: .init(first: 0, second: 0), length: 0)
  }

  /// Puts `record` in force without moving a stream.
  func rebase(_ record: SinkRecord) {
    self.record = record
    guard let entry else { return }
    entry.publish(entry.prepare(record))
  }

  /// Everything up to `record.offset` of the stream is safe (or counted as lost).
  func commit(_ record: SinkRecord, stream: LineBatch.Stream?) throws(Abandoned) {
    self.record = record
    if let entry {
      let prepared = entry.prepare(record)
      try step(.recorded)
      entry.publish(prepared)
    }
    try step(.published)
    if let stream, streams.row(stream.row)?.key == stream.key { store(record.offset, row: stream.row) }
    try step(.stored)
  }

  func step(_ step: CommitStep) throws(Abandoned) {
    if let probe, probe(step) { throw Abandoned() }
  }

  /// How far the stream is in this sink; 0 when the row is another stream's.
  func committed(row: Int, key: UInt64) -> UInt64 {
    guard let row = streams.row(row), row.key == key else { return 0 }
    return kind == .store ? row.committedStore : row.committedFile
  }

  func store(_ offset: UInt64, row: Int) {
    switch kind {
    case .store: streams.setCommittedStore(offset, row: row)
    case .file: streams.setCommittedFile(offset, row: row)
    }
  }

  /// Writes all bytes. On a failure says how many are in the file.
  func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(Abandoned) -> (written: Int, errno: Int32) {
    if let probe, probe(.partlyWritten) {
      _ = LogFile.write(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), to: descriptor)
      throw Abandoned()
    }
    let outcome = LogFile.write(bytes, to: descriptor)
    try step(.written)
    return outcome
  }
}
