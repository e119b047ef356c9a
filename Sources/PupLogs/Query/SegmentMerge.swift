internal import PupBasics

/// Merges the lines of many segments by time, with a heap of cursors that are opened only when they are reached.
struct SegmentMerge {
  private var heap: [SegmentCursor] = []
  private let direction: SegmentCursor.Direction
  private let budget: ReadBudget
  /// The cursor whose line was returned last is on top and has to advance.
  private var mustAdvance = false

  init(
    _ snapshot: LogSnapshot, _ query: LogQuery, _ direction: SegmentCursor.Direction, _ budget: ReadBudget = ReadBudget()
  ) {
    self.direction = direction
    self.budget = budget
    for (order, segment) in snapshot.segments.enumerated() where segment.size > 0 && query.includes(process: segment.process) {
      // A look at the end of each file.
      guard budget.allowsBlock() else { break }
      if let cursor = SegmentCursor(segment, order: order, direction, query, budget) { heap.append(cursor) }
    }
    order()
  }

  /// The next line and the segment it is in; valid until the next call. Nil at the end, and when the budget is used up: a cursor
  /// that could not read further must not let the others pass.
  mutating func next() -> (line: StoredLine, segment: LogSnapshot.Segment)? {
    if mustAdvance { step() }
    mustAdvance = false
    while !budget.isOver, let top = heap.first {
      if let line = top.line {
        mustAdvance = true
        return (line, top.segment)
      }
      step()
    }
    return nil
  }

  /// Advances the topmost cursor and moves it to its new position.
  private mutating func step() {
    guard let top = heap.first else { return }
    if !top.advance() {
      let last = heap.removeLast()
      guard !heap.isEmpty else { return }
      heap[0] = last
    }
    sink(from: 0)
  }
}

extension SegmentMerge: BinaryHeap {
  var count: Int { heap.count }

  func precedes(_ place: Int, _ other: Int) -> Bool {
    let (left, right) = (heap[place], heap[other])
    return switch direction {
    case .forward: (left.time, left.order) < (right.time, right.order)
    case .backward: (left.time, left.order) > (right.time, right.order)
    }
  }

  mutating func swapAt(_ place: Int, _ other: Int) { heap.swapAt(place, other) }
}
