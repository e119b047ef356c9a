/// Collects the newest lines, read from the newest to the oldest, and joins their pieces.
struct BackwardCollector {
  /// So many lines are read on to find the beginnings of lines in pieces.
  static let patience = 10_000
  /// What a line costs besides its text.
  private static let overhead = 128

  private let wanted: Int
  private let most: Int
  private var bytes = 0
  /// Newest first, pieces of a line newest first.
  private var lines: [[LogLine]] = []
  /// Lines whose earlier pieces have not been seen, by their place in `lines`.
  private var awaiting: [PieceJoiner.Key: Int] = [:]
  private var extra = 0

  /// - Parameter bytes: no piece is taken once so many are there.
  init(wanted: Int, bytes: Int = .max) {
    self.wanted = wanted
    most = bytes
  }

  /// Everything that was wanted is there.
  var isComplete: Bool { lines.count >= wanted && (awaiting.isEmpty || extra > Self.patience) }
  var isFull: Bool { bytes >= most }

  mutating func add(_ piece: LogLine) {
    let key = PieceJoiner.Key(piece)
    if let place = awaiting[key] {
      awaiting[key] = nil
      if piece.isPartial {
        if lines[place].reduce(0, { $0 + $1.text.count }) < PieceJoiner.longestLine { keep(piece, at: place) }
        if piece.isContinuation { awaiting[key] = place }
        return
      }
    }
    guard lines.count < wanted else {
      extra += 1
      return
    }
    if piece.isContinuation { awaiting[key] = lines.count }
    lines.append([])
    keep(piece, at: lines.count - 1)
  }

  private mutating func keep(_ piece: LogLine, at place: Int) {
    lines[place].append(piece)
    bytes += piece.text.count + Self.overhead
  }

  /// Oldest first.
  func finish() -> [LogLine] {
    lines.reversed().compactMap { pieces in
      guard var line = pieces.last, let end = pieces.first else { return nil }
      for piece in pieces.dropLast().reversed() { line.text += piece.text }
      line.isPartial = end.isPartial
      return line
    }
  }
}
