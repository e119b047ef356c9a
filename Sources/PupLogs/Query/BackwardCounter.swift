/// Finds how far back the newest lines reach, as `BackwardCollector` does, without keeping them.
struct BackwardCounter {
  private let wanted: Int
  private var count = 0
  private var awaiting: Set<PieceJoiner.Key> = []
  private var extra = 0

  init(wanted: Int) { self.wanted = wanted }

  var isComplete: Bool { count >= wanted && (awaiting.isEmpty || extra > BackwardCollector.patience) }

  mutating func add(_ piece: LogLine) {
    let key = PieceJoiner.Key(piece)
    if awaiting.remove(key) != nil, piece.isPartial {
      if piece.isContinuation { awaiting.insert(key) }
      return
    }
    guard count < wanted else {
      extra += 1
      return
    }
    if piece.isContinuation { awaiting.insert(key) }
    count += 1
  }
}
