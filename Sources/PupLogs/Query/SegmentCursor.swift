internal import PupBasics

/// Walks over the lines of one segment in one direction, within the moments of a query. The file is open only from the first line
/// to the last one, so that thousands of segments can wait for their turn.
final class SegmentCursor {
  enum Direction { case forward, backward }

  let segment: LogSnapshot.Segment
  /// The segment's position in the snapshot, which decides the order among lines of the same moment.
  let order: Int
  /// The current line's moment; before the first line, a bound for it.
  private(set) var time: LogTime
  /// Valid until the next `advance`.
  private(set) var line: StoredLine?

  private static let latest = LogTime(microseconds: ISOText.latest)

  private let direction: Direction
  private let query: LogQuery
  private let budget: ReadBudget
  private var file: SegmentFile?
  private var isOver = false
  private var block = LineBlock()
  private var index = 0
  /// Forward: where the next block begins. Backward: where it ends.
  private var edge: Int64 = 0

  /// Nil if the segment has no line for the query.
  init?(
    _ segment: LogSnapshot.Segment, order: Int, _ direction: Direction, _ query: LogQuery, _ budget: ReadBudget = ReadBudget()
  ) {
    if let end = query.end, segment.name.first > end { return nil }
    self.segment = segment
    self.order = order
    self.direction = direction
    self.query = query
    self.budget = budget
    time = segment.name.first
    guard direction == .backward || query.start != nil else { return }
    guard let file = SegmentFile(path: segment.path, limit: segment.size) else { return nil }
    // Unknown if the end is damaged.
    let last = file.lastTime
    if let start = query.start, let last, last < start { return nil }
    if direction == .backward { time = min(last ?? Self.latest, query.end ?? Self.latest) }
  }

  var isStarted: Bool { line != nil }

  /// Advances to the next line that is not damaged. False if there is none.
  func advance() -> Bool {
    line = nil
    guard !isOver else { return false }
    if file == nil, !open() { return finish() }
    while true {
      while let candidate = nextInBlock() {
        guard let found = StoredLine(candidate) else { continue }
        switch direction {
        case .forward: if let end = query.end, found.time > end { return finish() }
        case .backward: if let start = query.start, found.time < start { return finish() }
        }
        line = found
        time = found.time
        return true
      }
      if !loadBlock() { return finish() }
    }
  }

  private func finish() -> Bool {
    isOver = true
    file = nil
    return false
  }

  private func open() -> Bool {
    guard let opened = SegmentFile(path: segment.path, limit: segment.size) else { return false }
    file = opened
    switch direction {
    case .forward: edge = query.start.map { opened.firstOffset(notBefore: $0) } ?? 0
    case .backward:
      let after = query.end.map { LogTime(microseconds: $0.microseconds + 1) }
      edge = after.map { opened.firstOffset(notBefore: $0) } ?? opened.size
    }
    return true
  }

  private func nextInBlock() -> UnsafeRawBufferPointer? {
    switch direction {
    case .forward:
      guard index < block.count else { return nil }
      index += 1
      return block.bytes(index - 1)
    case .backward:
      guard index > 0 else { return nil }
      index -= 1
      return block.bytes(index)
    }
  }

  private func loadBlock() -> Bool {
    guard let file, budget.allowsBlock() else { return false }
    switch direction {
    case .forward:
      guard let next = block.loadForward(file, from: edge, to: file.size) else { return false }
      edge = next
      index = 0
    case .backward:
      guard let next = block.loadBackward(file, from: 0, to: edge) else { return false }
      edge = next
      index = block.count
    }
    return true
  }
}
