internal import Glibc
internal import PupSystem

/// The open end of one process's log: formats lines, appends them to the newest segment, commits, and starts new segments.
///
/// Lines that cannot be written are dropped and counted; the count is written as soon as writing works again.
///
/// Its many properties are the state of one open segment and of what was lost while it could not be written.
final class StoreSink {
  let folder: ProcessFolder
  let directory: String
  let segmentBytes: Int64
  let context: SinkContext
  let committer: Committer

  /// The newest segment; nil until the first line, and after the file was removed.
  var segment: SegmentName?
  /// The segment's file, -1 while it is closed to save descriptors.
  var openFile: Descriptor?
  var length: Int64 = 0
  /// CLOCK_BOOTTIME when the segment began.
  var begun: Int64 = 0
  /// Nil until it matters; also false if prepared files cannot be used.
  var isOnTmpfs: Bool?
  /// Only while the process is busy.
  var reserve: SegmentReserve?
  /// The segment has pages allocated beyond its end.
  var isReserved = false
  /// The timestamp of the last line; timestamps of a segment never fall.
  var lastTime = LogTime(microseconds: 0)
  /// Streams that have left a partial line, by key; 0 stands for a stream of which only the mark is known.
  private var openOutput: UInt64?
  private var openError: UInt64?
  private(set) var failure = SinkFailure()
  /// Not told yet.
  private(set) var lost: UInt64
  /// Lines completed since this sink was created, written or lost, and how many of them were lost.
  private(set) var linesInAll: UInt64 = 0
  private(set) var lostInAll: UInt64 = 0
  /// A segment was full and the next one has begun; the owner resets it.
  var hasRotated = false
  /// Streams that write here.
  var users = 0
  /// CLOCK_BOOTTIME of the last line: decides which sink is closed first when too many files are open.
  private(set) var lastUse: Int64 = 0

  init(directory: String, process: String, segmentBytes: Int64, context: SinkContext) {
    self.directory = directory
    self.segmentBytes = segmentBytes
    self.context = context
    folder = ProcessFolder(directory: directory, process: process)
    committer = context.committer(.store, process.lowercased())
    let record = committer.record
    lost = record.lost
    openOutput = UInt64(record.openMarks) & StreamMark.output.rawValue != 0 ? 0 : nil
    openError = UInt64(record.openMarks) & StreamMark.error.rawValue != 0 ? 0 : nil
  }

  deinit { closeFile() }

  var isOpen: Bool { openFile != nil }
  /// -1 while no segment is open.
  var descriptor: Int32 { openFile?.number ?? -1 }

  func committed(row: Int, key: UInt64) -> UInt64 { committer.committed(row: row, key: key) }

  // MARK: - Writing

  func append(_ batch: LineBatch) throws(Abandoned) {
    guard var scanner = PieceScanner(batch) else { return }
    lastUse = batch.moment.boot
    while !scanner.isAtEnd {
      if failure.isWaiting(batch.moment) || !prepareSegment(batch.moment) {
        try drop(batch, &scanner)
      } else {
        try appendChunk(batch, &scanner)
      }
    }
  }

  /// Retries after a failure, although there is no new line. The last attempt does not wait for its time.
  func retry(_ moment: LogMoment, isLast: Bool = false) throws(Abandoned) {
    guard isLast || failure.reason != nil && !failure.isWaiting(moment), prepareSegment(moment) else { return }
    context.buffer.removeAll()
    appendLost(clamped(moment.wall))
    try write(lines: 0, stream: nil, offset: 0, moment)
  }

  private func appendChunk(_ batch: LineBatch, _ scanner: inout PieceScanner) throws(Abandoned) {
    let time = clamped(batch.moment.wall)
    context.buffer.removeAll()
    appendLost(time)
    context.prefixes.removeAll()
    let mark = batch.stream?.which
    var continued = mark.map { isOpen($0, key: batch.stream?.key ?? 0) } ?? false
    var severity = continued ? batch.openSeverity : nil
    var lines: UInt64 = 0
    while context.buffer.count < SinkContext.chunkBytes, !scanner.isAtEnd {
      if !continued, !batch.hasEscapes {
        let (taken, count) = context.appendLines(scanner.rest.start, scanner.rest.length, time, batch.origin)
        scanner.skip(taken)
        lines += UInt64(count)
        if taken > 0 { continue }
      }
      guard let piece = scanner.next() else { break }
      let own = severity ?? batch.origin.severity(of: piece.start, piece.length)
      severity = piece.continues ? own : nil
      if continued || piece.continues {
        context.buffer.append(time)
        context.buffer.append(batch.origin.storePrefix(own, continued: continued, continues: piece.continues))
      } else {
        context.appendPrefix(own, time, batch.origin)
      }
      if batch.hasEscapes {
        context.buffer.appendPlain(piece.start, piece.length)
      } else {
        context.buffer.append(piece.start, piece.length)
      }
      context.buffer.append(LineFormat.lineFeed)
      if !piece.continues { lines += 1 }
      continued = piece.continues
    }
    if let mark { setOpen(mark, continued ? batch.stream?.key : nil) }
    lastTime = time
    linesInAll += lines
    try write(lines: lines, stream: batch.stream, offset: (batch.stream?.offset ?? 0) + UInt64(scanner.position), batch.moment)
  }

  /// Writes the buffer and commits it, or counts it as lost.
  private func write(lines: UInt64, stream: LineBatch.Stream?, offset: UInt64, _ moment: LogMoment) throws(Abandoned) {
    var outcome = try committer.write(context.buffer.bytes, to: descriptor)
    if outcome.errno == 0, !settle(), prepareSegment(moment) {
      // The file was removed, and these lines with it.
      outcome = try committer.write(context.buffer.bytes, to: descriptor)
      // Removed again at this very moment: these lines are gone, and the next ones will notice.
      if outcome.errno == 0 { _ = settle() }
    }
    if outcome.errno == EFBIG, beginAtLimit(moment) {
      outcome = try committer.write(context.buffer.bytes, to: descriptor)
      if outcome.errno == 0 { _ = settle() }
    }
    if outcome.errno == 0 {
      let told = lost
      lost = 0
      try committer.commit(record(stream: stream, offset: offset), stream: stream)
      if failure.reason != nil {
        failure.recover()
        let words = "the log of \(folder.process) can be written again; \(LineCount.subject(told)) lost"
        context.note(LogEntry(.info, "logger", words))
      }
      return
    }
    // A partial write would look like whole lines, so the file is cut back to the committed length. If that fails too, the bytes
    // count as part of the segment.
    if outcome.written > 0, ftruncate(descriptor, off_t(length)) != 0 { _ = settle() }
    if let mark = stream?.which { setOpen(mark, nil) }
    fail(SystemError("write \(folder.path)", errno: outcome.errno), moment)
    lose(lines)
    try committer.commit(record(stream: stream, offset: offset), stream: stream)
  }

  /// Takes the segment's length from the file itself, since another process may have truncated it. False if it was removed.
  private func settle() -> Bool {
    guard let status = LogFile.status(descriptor) else { return true }
    length = status.size
    guard status.links == 0 else { return true }
    closeFile()
    segment = nil
    return false
  }

  private func drop(_ batch: LineBatch, _ scanner: inout PieceScanner) throws(Abandoned) {
    while let piece = scanner.next() {
      guard !piece.continues else { continue }
      linesInAll += 1
      lose(1)
    }
    if let mark = batch.stream?.which { setOpen(mark, nil) }
    guard let stream = batch.stream else { return }
    try committer.commit(record(stream: stream, offset: stream.offset + UInt64(scanner.position)), stream: stream)
  }

  private func lose(_ lines: UInt64) {
    lost += lines
    lostInAll += lines
  }

  func fail(_ error: SystemError, _ moment: LogMoment) {
    closeFile()
    guard failure.fail(error.description, moment) else { return }
    context.note(
      LogEntry(.error, "logger", "the log of \(folder.process) cannot be written; its lines are dropped until it can: \(error)"))
  }

  func record(stream: LineBatch.Stream?, offset: UInt64) -> SinkRecord {
    let marks = (openOutput == nil ? 0 : StreamMark.output.rawValue) | (openError == nil ? 0 : StreamMark.error.rawValue)
    return SinkRecord(
      identity: segment.map { .init(first: $0.sequence, second: 0) } ?? committer.record.identity, length: UInt64(length),
      row: UInt32(stream?.row ?? 0), key: stream?.key ?? 0, offset: stream == nil ? 0 : offset, openMarks: UInt32(marks),
      lost: lost)
  }

  // MARK: - Text before a line

  private func appendLost(_ time: LogTime) {
    guard lost > 0 else { return }
    context.buffer.append(time)
    let reason = failure.reason.map { ": \($0)" } ?? ""
    context.buffer.append(Array(" warn lost lost \(LineCount.words(lost))\(reason)\n".utf8))
  }

  private func clamped(_ time: LogTime) -> LogTime { max(time, lastTime) }

  private func isOpen(_ mark: StreamMark, key: UInt64) -> Bool {
    let open = mark == .output ? openOutput : openError
    return open == 0 || open == key
  }

  private func setOpen(_ mark: StreamMark, _ key: UInt64?) {
    if mark == .output { openOutput = key } else { openError = key }
  }
}
