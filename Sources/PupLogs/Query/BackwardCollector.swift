/// Collects the newest lines, reading backwards, and joins their pieces.
struct BackwardCollector {
  /// At most this many more lines are read to find the beginnings of lines in pieces.
  static let patience = 10_000
  /// What a line costs besides its text.
  private static let overhead = 128

  /// A line, as far as it is known.
  private struct Found {
    /// Newest first.
    var pieces: [LogLine] = []
    var keptBytes = 0
    /// Includes the pieces that were dropped again.
    var length = 0
    var isPartial: Bool
  }

  private let wanted: Int
  private let most: Int
  private var bytes = 0
  /// Newest first.
  private var lines: [Found] = []
  /// Lines whose earlier pieces have not been seen, by their place in `lines`.
  private var awaiting: [PieceJoiner.Key: Int] = [:]
  private var extra = 0

  /// - Parameter bytes: no further piece is taken once this many are held.
  init(wanted: Int, bytes: Int = .max) {
    self.wanted = wanted
    most = bytes
  }

  /// Everything requested has been found.
  var isComplete: Bool { lines.count >= wanted && (awaiting.isEmpty || extra > Self.patience) }
  var isFull: Bool { bytes >= most }

  mutating func add(_ piece: LogLine) {
    let key = PieceJoiner.Key(piece)
    if let place = awaiting[key] {
      awaiting[key] = nil
      if piece.isPartial {
        keep(piece, at: place)
        if piece.isContinuation { awaiting[key] = place }
        return
      }
    }
    guard lines.count < wanted else {
      extra += 1
      return
    }
    if piece.isContinuation { awaiting[key] = lines.count }
    lines.append(Found(isPartial: piece.isPartial))
    keep(piece, at: lines.count - 1)
  }

  /// If a line is too long for an answer, its beginning is kept, so the later pieces are dropped.
  private mutating func keep(_ piece: LogLine, at place: Int) {
    lines[place].pieces.append(piece)
    lines[place].keptBytes += piece.text.count
    lines[place].length += piece.text.count
    bytes += piece.text.count + Self.overhead
    while let last = lines[place].pieces.first, lines[place].keptBytes - last.text.count >= PieceJoiner.longestLine {
      lines[place].pieces.removeFirst()
      lines[place].keptBytes -= last.text.count
      bytes -= last.text.count + Self.overhead
    }
  }

  /// In the order of their beginnings.
  func finish() -> [LogLine] {
    let joined: [LogLine] = lines.reversed().compactMap { found in
      guard var line = found.pieces.last else { return nil }
      for piece in found.pieces.dropLast().reversed() { line.text += piece.text }
      line.isPartial = found.isPartial
      if found.keptBytes < found.length { line.markCut(length: found.length) }
      return line
    }
    // They are in the order of their ends; lines of the same moment keep that order.
    guard !zip(joined, joined.dropFirst()).allSatisfy({ $0.time <= $1.time }) else { return joined }
    return joined.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }
}
