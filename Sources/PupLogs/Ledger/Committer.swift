internal import PupSystem

/// The bookkeeping around a write. Before it: what is about to be written, if others may write to the file as well. After it: the
/// record, then the stream's offset.
final class Committer {
  private let kind: SinkKind
  private let streams: StreamLedger
  private let probe: CommitProbe?
  /// Nil for a sink without a record: a crash may repeat what it wrote last.
  private let entry: SinkEntry?
  /// The current record.
  private(set) var record: SinkRecord

  init(_ kind: SinkKind, entry: SinkEntry?, streams: StreamLedger, probe: CommitProbe?) {
    self.kind = kind
    self.entry = entry
    self.streams = streams
    self.probe = probe
    record = entry?.newest ?? SinkRecord(identity: .init(first: 0, second: 0), length: 0)
  }

  /// What the previous brain was about to write when it died.
  var intent: SinkIntent? { entry?.intent }

  func note(_ intent: SinkIntent) { entry?.note(intent) }

  /// Makes `record` current without advancing a stream.
  func rebase(_ record: SinkRecord) {
    self.record = record
    guard let entry else { return }
    entry.publish(entry.prepare(record))
  }

  /// Everything up to `record.offset` of the stream is safe (or counted as lost).
  ///
  /// - Parameter next: what the previous brain was about to write as well, and what is still in doubt.
  func commit(_ record: SinkRecord, stream: LineBatch.Stream?, next: SinkIntent? = nil) throws(Abandoned) {
    self.record = record
    if let entry {
      if let next { entry.note(next, isAhead: true) }
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

  /// How much of the stream is in this sink; 0 if the row belongs to another stream.
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

  /// Writes all bytes. On failure, reports how many are in the file.
  func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ way: LogFile.Way = .plain
  ) throws(Abandoned) -> (written: Int, errno: Int32) {
    if let probe, probe(.partlyWritten) {
      _ = LogFile.write(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), to: descriptor)
      throw Abandoned()
    }
    let outcome = LogFile.write(bytes, to: descriptor, way)
    try step(.written)
    return outcome
  }
}
