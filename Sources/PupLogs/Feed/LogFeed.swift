/// Makes the observer's copies of lines, no more than a reader could follow. Belongs to the pump's thread.
///
/// A line costs one token, plus one for each 256 bytes.
final class LogFeed {
  /// At most this many lines are passed on at a time.
  static let batchLines = 512
  /// Longer text is cut, and says so. Bytes.
  static let longestText = 8 << 10

  private let observer: LogObserver
  private let isWanted: @Sendable () -> Bool
  private var total = TokenBucket(capacity: 32_768, perSecond: 100_000)
  /// One process cannot take the others' share.
  private var buckets: [String: TokenBucket] = [:]

  init(_ observer: @escaping LogObserver, isWanted: @escaping @Sendable () -> Bool = { true }) {
    self.observer = observer
    self.isWanted = isWanted
  }

  /// - Parameters:
  ///   - continued: the first piece continues the line that the previous batch left open.
  ///   - count: how many lines the batch ends.
  func observe(_ batch: LineBatch, continued: Bool, lines count: Int) {
    guard isWanted(), var scanner = PieceScanner(batch) else { return }
    let process = batch.origin.process
    var bucket = buckets[process] ?? TokenBucket(capacity: 4096, perSecond: 10_000)
    bucket.fill(batch.moment.boot)
    total.fill(batch.moment.boot)
    let category = String(decoding: batch.origin.category, as: UTF8.self)
    var continued = continued
    var severity = continued ? batch.openSeverity : nil
    var lines: [LogLine] = []
    var ended = 0
    while !bucket.isEmpty, !total.isEmpty, let piece = scanner.next() {
      let cost = 1 + min(piece.length, Self.longestText) / 256
      bucket.take(cost)
      total.take(cost)
      let own = severity ?? batch.origin.severity(of: piece.start, piece.length)
      severity = piece.continues ? own : nil
      let (text, isCut) = Self.text(piece, batch.hasEscapes)
      var line = LogLine(
        time: batch.moment.wall, severity: own, category: category, process: process, text: text, isPartial: piece.continues,
        isContinuation: continued)
      line.event = batch.origin.event
      if isCut { line.markCut(length: piece.length) }
      continued = piece.continues
      if !continued { ended += 1 }
      if lines.isEmpty { lines.reserveCapacity(min(Self.batchLines, batch.bytes.count / 64 + 1)) }
      lines.append(line)
      guard lines.count == Self.batchLines, !scanner.isAtEnd else { continue }
      observer(LogObservation(process: process, lines: lines, dropped: 0))
      lines = []
    }
    buckets[process] = bucket
    let dropped = max(0, count - ended)
    if !lines.isEmpty || dropped > 0 { observer(LogObservation(process: process, lines: lines, dropped: dropped)) }
  }

  /// The stream has ended, and with it the line that it left open. (`severity` is that line's.)
  func end(_ origin: LineOrigin, severity: LogSeverity?, at time: LogTime) {
    guard isWanted() else { return }
    let line = LogLine(
      time: time, severity: severity ?? origin.severity, category: String(decoding: origin.category, as: UTF8.self),
      process: origin.process, text: [], isContinuation: true)
    observer(LogObservation(process: origin.process, lines: [line], dropped: 0))
  }

  func forget(process: String) { buckets[process] = nil }

  private static func text(_ piece: PieceScanner.Piece, _ hasEscapes: Bool) -> (text: [UInt8], isCut: Bool) {
    // Sequences take space as well; what follows this many bytes is not examined.
    let looked = min(piece.length, hasEscapes ? 2 * longestText : longestText)
    var text = [UInt8](unsafeUninitializedCapacity: looked) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      if hasEscapes {
        count = EscapeSequence.strip(piece.start, looked, to: base)
      } else {
        base.update(from: piece.start, count: looked)
        count = looked
      }
    }
    guard looked < piece.length || text.count > longestText else { return (text, false) }
    text.removeLast(max(0, text.count - longestText))
    text.removeLast(
      text.withUnsafeBufferPointer { buffer in buffer.baseAddress.map { PieceEnd.unfinishedCharacter($0, buffer.count) } ?? 0 })
    return (text, true)
  }
}
