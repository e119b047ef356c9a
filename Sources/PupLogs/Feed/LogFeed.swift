/// Makes the observer's copies of lines, no more of them than a reader could follow. Belongs to the pump's thread.
///
/// A token stands for one line, and for each 256 bytes of it.
final class LogFeed {
  /// So many lines are handed out at a time.
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
  ///   - continued: the first piece goes on with the line that the batch before left open.
  ///   - count: how many lines the batch ends.
  func observe(_ batch: LineBatch, continued: Bool, lines count: Int) {
    guard isWanted(), var scanner = PieceScanner(batch) else { return }
    let process = batch.origin.process
    var bucket = buckets[process] ?? TokenBucket(capacity: 4096, perSecond: 10_000)
    bucket.fill(batch.moment.boot)
    total.fill(batch.moment.boot)
    let category = String(decoding: batch.origin.category, as: UTF8.self)
    var continued = continued
    var lines: [LogLine] = []
    var ended = 0
    while !bucket.isEmpty, !total.isEmpty, let piece = scanner.next() {
      let cost = 1 + min(piece.length, Self.longestText) / 256
      bucket.take(cost)
      total.take(cost)
      if lines.isEmpty { lines.reserveCapacity(min(Self.batchLines, batch.bytes.count / 64 + 1)) }
      lines.append(
        LogLine(
          time: batch.moment.wall, severity: batch.origin.severity, category: category, process: process,
          text: Self.text(piece, batch.hasEscapes), isPartial: piece.continues, isContinuation: continued))
      continued = piece.continues
      if !continued { ended += 1 }
      guard lines.count == Self.batchLines, !scanner.isAtEnd else { continue }
      observer(LogObservation(process: process, lines: lines, dropped: 0))
      lines = []
    }
    buckets[process] = bucket
    let dropped = max(0, count - ended)
    if !lines.isEmpty || dropped > 0 { observer(LogObservation(process: process, lines: lines, dropped: dropped)) }
  }

  func forget(process: String) { buckets[process] = nil }

  private static func text(_ piece: PieceScanner.Piece, _ hasEscapes: Bool) -> [UInt8] {
    // Sequences take room as well; what is behind so many bytes is not looked at.
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
    guard looked < piece.length || text.count > longestText else { return text }
    text.removeLast(max(0, text.count - longestText))
    // Not inside a character: at most three bytes of one are left behind.
    for _ in 0..<3 { if let last = text.last, last & 0xC0 == 0x80 { text.removeLast() } }
    if let last = text.last, last >= 0xC0 { text.removeLast() }
    return text + Array("… (cut, \(piece.length) bytes in all)".utf8)
  }
}
