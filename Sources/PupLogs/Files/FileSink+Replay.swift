internal import Glibc
internal import PupSystem

/// What the previous brain was about to write when it died.
extension FileSink {
  private static let longestWait: Int64 = 1_000_000_000

  /// Other streams must not write between a line that may have been written in part and its rest, so they wait up to a second for
  /// its stream.
  func mustWait(_ key: UInt64, _ moment: LogMoment) -> Bool {
    guard let pending, pending.key != key else { return false }
    let until = pendingUntil ?? moment.boot + Self.longestWait
    pendingUntil = until
    if moment.boot < until { return true }
    settleAside()
    giveUpPending()
    return false
  }

  /// Whether the batch belongs to the stream that is in doubt.
  func isAwaited(_ batch: LineBatch) -> Bool { replay.map { $0.intent.key == batch.stream?.key } ?? false }

  private var endsLine: Bool {
    reader.flatMap { file in LogFile.status(file.number).map { LogFile.endsLine(file.number, size: $0.size) } } ?? true
  }

  /// Returns how many bytes of the batch have been handled.
  func appendAgain(_ batch: LineBatch, _ decorate: Bool) throws(Abandoned) -> Int {
    guard !failure.isWaiting(batch.moment), prepare(batch.moment), let part = replay?.part(of: batch),
      var scanner = PieceScanner(part)
    else {
      if batch.stream != nil {
        settleAside()
        giveUpPending()
        try appendNew(batch, decorate)
      } else if replay != nil {
        try appendAside(batch, decorate, endsLine: endsLine)
      } else {
        try appendNew(batch, decorate)
      }
      return batch.bytes.count
    }
    while !scanner.isAtEnd, replay != nil { try appendChunk(part, &scanner, decorate) }
    return scanner.position
  }

  /// How much of what is about to be written is in the file already, and where. Nil if it has to be written.
  func findAgain(_ bytes: UnsafeRawBufferPointer) -> (count: Int, at: Int64)? {
    switch replay?.look(for: bytes) {
    case .there(let count, let at): return (count, at)
    case .brokenOff(let count, let at):
      // The missing part gets a line of its own.
      if !endsLine { _ = LogFile.write("\n", to: descriptor) }
      return (count, at)
    case .uncertain:
      context.note(
        LogEntry(
          .warn, "logger",
          "\(path): it is uncertain whether the last \(bytes.count) bytes before the supervisor died are in the file, to which "
            + "something else has written in the meantime; they are written (again)"))
      // If that fails, so will the line that follows, and that is reported.
      if !endsLine { _ = LogFile.write("\n", to: descriptor) }
      giveUpPending()
      return nil
    case .nothing, nil:
      giveUpPending()
      return nil
    }
  }

  func goOn(to offset: UInt64, place: Int64) {
    if replay?.advance(to: offset, place: place) != true {
      settleAside()
      giveUpPending()
    }
  }

  func note(_ count: Int, _ stream: LineBatch.Stream, _ batch: LineBatch, _ taken: Range<Int>) {
    committer.note(
      SinkIntent(
        start: UInt64(max(length, 0)), count: UInt64(count), key: stream.key, from: stream.offset + UInt64(taken.lowerBound),
        to: stream.offset + UInt64(taken.upperBound), endsOpen: taken.upperBound < batch.bytes.count || batch.endsOpen,
        time: batch.moment.wall))
  }

  func giveUpPending() {
    pending = nil
    replay = nil
    closeReader()
  }

  func closeReader() {
    reader?.close()
    reader = nil
  }
}
