internal import Glibc
internal import PupSystem

/// A `logger.stdout` or `logger.stderr` file, which several processes may share: appends lines, commits, and follows the path when
/// somebody moves or removes the file (logrotate).
///
/// A piece of a line is written without a line feed, and the rest behind it; when another stream comes in between, the line is ended.
/// What is no regular file (a FIFO, a terminal, /dev/stdout) is written at best effort and never waited for.
final class FileSink {
  /// How often the path is compared with the open file.
  private static let checkInterval: Int64 = 200_000_000

  let path: String
  let context: SinkContext
  let committer: Committer
  var descriptor: Int32 = -1
  /// A regular file of ours: it can be cut back to what is committed.
  var isRegular = false
  var identity = SinkRecord.Identity(first: 0, second: 0)
  var length: Int64 = 0
  private var nextCheck: Int64 = 0
  /// The stream whose line is unfinished at the end of the file.
  private var openKey: UInt64?
  private(set) var failure = SinkFailure()
  /// Not told yet.
  private(set) var lost: UInt64
  /// Since this sink was made.
  private(set) var lostInAll: UInt64 = 0
  /// Processes whose lines go here.
  var users = 0
  /// What a crash left behind has been cut off; from now on foreign lines in the file are left alone.
  var isRecovered = false

  init(path: String, context: SinkContext) {
    self.path = path
    self.context = context
    committer = context.committer(.file, path)
    lost = committer.record.lost
    openKey = committer.record.openMarks != 0 ? committer.record.key : nil
  }

  deinit { closeFile() }

  func committed(row: Int, key: UInt64) -> UInt64 { committer.committed(row: row, key: key) }

  func append(_ batch: LineBatch, decorate: Bool) throws(Abandoned) {
    guard var scanner = PieceScanner(batch) else { return }
    while !scanner.isAtEnd {
      if failure.isWaiting(batch.moment) || !prepare(batch.moment) {
        try drop(batch, &scanner)
      } else if !decorate, !batch.hasEscapes, lost == 0, openKey == nil, batch.bytes.last == LineFormat.lineFeed,
        scanner.position == 0
      {
        // What is written is what was read: no copy.
        scanner.finish()
        try write(batch.bytes, lines: nil, batch.stream, scanner.position, batch.moment)
      } else {
        try appendChunk(batch, &scanner, decorate)
      }
    }
  }

  func retry(_ moment: LogMoment, isLast: Bool = false) throws(Abandoned) {
    guard isLast || failure.reason != nil && !failure.isWaiting(moment), prepare(moment) else { return }
    context.buffer.removeAll()
    appendLost(moment.wall)
    try write(context.buffer.bytes, lines: 0, nil, 0, moment)
  }

  private func appendChunk(_ batch: LineBatch, _ scanner: inout PieceScanner, _ decorate: Bool) throws(Abandoned) {
    let key = batch.stream?.key ?? 0
    context.buffer.removeAll()
    context.prefix.removeAll()
    if decorate {
      context.prefix.appendShort(batch.moment.wall)
      context.prefix.append(batch.origin.decoration)
    }
    if openKey != nil, openKey != key { breakOpenLine() }
    appendLost(batch.moment.wall)
    var lines: UInt64 = 0
    while context.buffer.count < SinkContext.chunkBytes, let piece = scanner.next() {
      if openKey == nil { context.buffer.append(context.prefix.base, context.prefix.count) }
      if batch.hasEscapes {
        context.buffer.appendPlain(piece.start, piece.length)
      } else {
        context.buffer.append(piece.start, piece.length)
      }
      openKey = piece.continues ? key : nil
      guard !piece.continues else { continue }
      context.buffer.append(LineFormat.lineFeed)
      lines += 1
    }
    try write(context.buffer.bytes, lines: lines, batch.stream, scanner.position, batch.moment)
  }

  /// - Parameter lines: how many are lost if it fails; nil is to be counted.
  private func write(
    _ bytes: UnsafeRawBufferPointer, lines: UInt64?, _ stream: LineBatch.Stream?, _ taken: Int, _ moment: LogMoment
  ) throws(Abandoned) {
    let outcome = try committer.write(bytes, to: descriptor)
    let offset = (stream?.offset ?? 0) + UInt64(taken)
    if outcome.errno == 0 {
      let told = lost
      lost = 0
      if isRegular { length = LogFile.status(descriptor)?.size ?? length + Int64(bytes.count) }
      try committer.commit(record(stream: stream, offset: offset), stream: stream)
      if failure.reason != nil {
        failure.recover()
        context.note(LogEntry(.info, "logger", "\(path) is written again; \(told) lines were lost"))
      }
      return
    }
    let all = lines ?? UInt64(bytes.count(of: LineFormat.lineFeed))
    if outcome.written > 0, isRegular, ftruncate(descriptor, off_t(length)) == 0 {
      lose(all)
      openKey = nil
    } else {
      let gone = UnsafeRawBufferPointer(rebasing: bytes[outcome.written...])
      lose(min(all, UInt64(gone.count(of: LineFormat.lineFeed))))
      openKey = outcome.written > 0 && bytes[outcome.written - 1] != LineFormat.lineFeed ? .max : nil
      if isRegular { length = LogFile.status(descriptor)?.size ?? length }
    }
    fail(SystemError("write \(path)", errno: outcome.errno), moment)
    try committer.commit(record(stream: stream, offset: offset), stream: stream)
  }

  private func drop(_ batch: LineBatch, _ scanner: inout PieceScanner) throws(Abandoned) {
    while let piece = scanner.next() {
      if !piece.continues { lose(1) }
    }
    guard let stream = batch.stream else { return }
    try committer.commit(record(stream: stream, offset: stream.offset + UInt64(scanner.position)), stream: stream)
  }

  private func lose(_ lines: UInt64) {
    lost += lines
    lostInAll += lines
  }

  func fail(_ error: SystemError, _ moment: LogMoment) {
    // A slow reader of a FIFO is back soon, or never; a full disk may take its time.
    let isSlowReader = error.errno == EAGAIN
    if failure.fail(error.description, moment, isBrief: isSlowReader) {
      context.note(LogEntry(.error, "logger", "\(error); lines for this file are dropped until it can be written"))
    }
    if !isSlowReader { closeFile() }
  }

  func record(stream: LineBatch.Stream?, offset: UInt64) -> SinkRecord {
    SinkRecord(
      identity: isRegular || descriptor < 0 && identity.first == 0 ? currentIdentity : .init(first: 0, second: 0),
      length: UInt64(max(length, 0)), row: UInt32(stream?.row ?? 0), key: stream?.key ?? 0, offset: stream == nil ? 0 : offset,
      openMarks: openKey != nil && openKey == stream?.key ? 1 : 0, lost: lost)
  }

  /// Until the file could be opened, the record of the last run stays the truth about it.
  private var currentIdentity: SinkRecord.Identity { identity.first == 0 ? committer.record.identity : identity }

  private func appendLost(_ time: LogTime) {
    guard lost > 0 else { return }
    if openKey != nil { breakOpenLine() }
    context.buffer.appendShort(time)
    let reason = failure.reason.map { ": \($0)" } ?? ""
    context.buffer.append(Array(" [WARN] [core:lost] lost \(lost) lines\(reason)\n".utf8))
  }

  private func breakOpenLine() {
    context.buffer.append(LineFormat.lineFeed)
    openKey = nil
  }

  /// True once per interval.
  func isCheckDue(_ moment: LogMoment) -> Bool {
    guard moment.boot >= nextCheck else { return false }
    nextCheck = moment.boot + Self.checkInterval
    return true
  }

  func endOpenLine() { openKey = nil }
}
