internal import Glibc
internal import PupSystem

/// A `logger.stdout` or `logger.stderr` file, which several processes may share: appends lines, commits, and follows the path
/// when the file is moved or removed (logrotate). Others may append to it as well, so it is never cut.
///
/// A partial line is written without a line feed, and the rest follows; if another stream comes in between, the line is ended.
/// Anything but a regular file (a FIFO, a terminal, /dev/stdout) is written on a best-effort basis and never waited for.
///
/// Its many properties are the state of one open file: where it is, what is written and not committed, and which line is open.
final class FileSink {
  /// How often the path is compared with the open file.
  private static let checkInterval: Int64 = 200_000_000

  let path: String
  let context: SinkContext
  let committer: Committer
  var target: Descriptor?
  /// A regular file, not a descriptor that others write to at offsets of their own.
  var isRegular = false
  var way = LogFile.Way.plain
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
  /// What the previous brain was about to write, until it is known how much of it is in the file. Nil as soon as nothing is in
  /// doubt.
  var pending: SinkIntent?
  var replay: FileReplay?
  /// How long the others wait for the stream that is in doubt. CLOCK_BOOTTIME.
  var pendingUntil: Int64?
  /// Where the file is read for `replay`.
  var reader: Descriptor?
  /// Whether a line of Pup's own is being written, and whether one has been, while a stream is in doubt.
  private var isAside = false
  private var hasAside = false
  /// The file has been opened before, so its ending is known.
  var isRecovered = false

  init(path: String, context: SinkContext) {
    self.path = path
    self.context = context
    committer = context.committer(.file, path)
    lost = committer.record.lost
    openKey = committer.record.openMarks != 0 ? committer.record.key : nil
    pending = committer.intent
  }

  deinit {
    closeFile()
    closeReader()
  }

  func committed(row: Int, key: UInt64) -> UInt64 { committer.committed(row: row, key: key) }

  func append(_ batch: LineBatch, decorate: Bool) throws(Abandoned) {
    guard pending != nil else { return try appendNew(batch, decorate) }
    let taken = try appendAgain(batch, decorate)
    if taken < batch.bytes.count { try append(batch.dropFirst(taken), decorate: decorate) }
  }

  func appendNew(_ batch: LineBatch, _ decorate: Bool) throws(Abandoned) {
    guard var scanner = PieceScanner(batch) else { return }
    while !scanner.isAtEnd {
      if failure.isWaiting(batch.moment) || !prepare(batch.moment) {
        try drop(batch, &scanner)
      } else if !decorate, !batch.hasEscapes, lost == 0, openKey == nil, batch.bytes.last == LineFormat.lineFeed,
        scanner.position == 0
      {
        // What is written is what was read: no copy.
        scanner.finish()
        try write(batch.bytes, lines: nil, batch, 0..<scanner.position)
      } else {
        try appendChunk(batch, &scanner, decorate)
      }
    }
  }

  /// A line of Pup's own, which does not wait for the stream that is in doubt. The state that determines what that stream
  /// produces stays as it was; otherwise its bytes would not be recognized.
  func appendAside(_ batch: LineBatch, _ decorate: Bool, endsLine: Bool) throws(Abandoned) {
    let before = (openKey, lost)
    (openKey, lost) = (endsLine ? nil : .max, 0)
    (isAside, hasAside) = (true, true)
    try appendNew(batch, decorate)
    isAside = false
    if replay != nil {
      openKey = before.0
    } else {
      hasAside = false
    }
    lost += before.1
  }

  /// Nothing is in doubt any more: the next line does not continue one that Pup's own lines follow.
  func settleAside() {
    if hasAside { openKey = nil }
    hasAside = false
  }

  func retry(_ moment: LogMoment, isLast: Bool = false) throws(Abandoned) {
    guard isLast || failure.reason != nil && !failure.isWaiting(moment), prepare(moment) else { return }
    context.buffer.removeAll()
    appendLost(moment.wall)
    let batch = LineBatch(
      origin: Self.noOrigin, bytes: UnsafeRawBufferPointer(start: nil, count: 0), stream: nil, endsOpen: false, moment: moment)
    try write(context.buffer.bytes, lines: 0, batch, 0..<0)
  }

  private static let noOrigin = LineOrigin(process: LogEntry.core, severity: .warn, category: "lost")

  func appendChunk(_ batch: LineBatch, _ scanner: inout PieceScanner, _ decorate: Bool) throws(Abandoned) {
    let key = batch.stream?.key ?? 0
    let start = scanner.position
    context.buffer.removeAll()
    var decorated: LogSeverity?
    if openKey != nil, openKey != key { breakOpenLine() }
    appendLost(batch.moment.wall)
    var lines: UInt64 = 0
    while context.buffer.count < SinkContext.chunkBytes, let piece = scanner.next() {
      if openKey == nil, decorate {
        let severity = batch.origin.severity(of: piece.start, piece.length)
        if decorated != severity { prepareDecoration(severity, batch) }
        decorated = severity
        context.buffer.append(context.prefix.base, context.prefix.count)
      }
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
    try write(context.buffer.bytes, lines: lines, batch, start..<scanner.position)
  }

  /// - Parameters:
  ///   - lines: how many are lost if it fails; nil if they have to be counted.
  ///   - taken: the bytes of the batch that are safe with this write.
  private func write(_ all: UnsafeRawBufferPointer, lines: UInt64?, _ batch: LineBatch, _ taken: Range<Int>) throws(Abandoned) {
    let (stream, moment) = (batch.stream, batch.moment)
    let offset = (stream?.offset ?? 0) + UInt64(taken.upperBound)
    let place = isAwaited(batch) ? findAgain(all) : nil
    let bytes = UnsafeRawBufferPointer(rebasing: all[(place?.count ?? 0)...])
    if isRegular {
      length = LogFile.status(descriptor)?.size ?? length
      if let stream, place == nil { note(all.count, stream, batch, taken) }
    }
    let outcome = bytes.isEmpty ? (written: 0, errno: 0) : try committer.write(bytes, to: descriptor, way)
    if outcome.errno == 0 {
      let told = lost
      lost = 0
      length += Int64(bytes.count)
      if let place { goOn(to: offset, place: place.at + Int64(all.count)) }
      var record = record(stream: stream, offset: offset)
      if isAside {
        record = record.keepingOpenLine(of: committer.record)
        record.lost = committer.record.lost
      }
      try committer.commit(record, stream: stream, next: replay?.intent)
      if failure.reason != nil {
        failure.recover()
        context.note(LogEntry(.info, "logger", "\(path) can be written again; \(LineCount.subject(told)) lost"))
      }
      return
    }
    // What was written of the lines stays, since others may have written after it. The next line does not continue it.
    let gone = UnsafeRawBufferPointer(rebasing: bytes[outcome.written...])
    lose(min(lines ?? .max, UInt64(gone.count(of: LineFormat.lineFeed))))
    openKey = outcome.written > 0 && bytes[outcome.written - 1] != LineFormat.lineFeed ? .max : nil
    length += Int64(outcome.written)
    giveUpPending()
    fail(SystemError("write \(path)", errno: outcome.errno), moment)
    try committer.commit(record(stream: stream, offset: offset), stream: stream)
  }

  private func drop(_ batch: LineBatch, _ scanner: inout PieceScanner) throws(Abandoned) {
    while let piece = scanner.next() {
      if !piece.continues { lose(1) }
    }
    giveUpPending()
    guard let stream = batch.stream else { return }
    try committer.commit(record(stream: stream, offset: stream.offset + UInt64(scanner.position)), stream: stream)
  }

  private func lose(_ lines: UInt64) {
    lost += lines
    lostInAll += lines
  }

  func fail(_ error: SystemError, _ moment: LogMoment) {
    // A slow reader of a FIFO returns soon, or never; a full disk may take a while.
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

  /// Until the file can be opened, the record of the last run remains valid.
  private var currentIdentity: SinkRecord.Identity { identity.first == 0 ? committer.record.identity : identity }

  private func appendLost(_ time: LogTime) {
    guard lost > 0 else { return }
    if openKey != nil { breakOpenLine() }
    context.buffer.appendShort(time)
    let reason = failure.reason.map { ": \($0)" } ?? ""
    context.buffer.append(Array(" [WARN] [core:lost] lost \(LineCount.words(lost))\(reason)\n".utf8))
  }

  private func prepareDecoration(_ severity: LogSeverity, _ batch: LineBatch) {
    context.prefix.removeAll()
    context.prefix.appendShort(batch.moment.wall)
    context.prefix.append(LineFormat.blank)
    context.prefix.append(LineOrigin.mark(severity))
    context.prefix.append(batch.origin.decoration)
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

  var hasOpenLine: Bool { openKey != nil }

  func endOpenLine() { openKey = nil }

  /// The file ends in something that the next line must not continue.
  func breakBeforeNextLine() { openKey = .max }
}
