internal import PupBasics

/// A binary heap of deadlines. Cancelled entries stay until they surface, and the heap is rebuilt when they outnumber the live
/// ones.
struct TimerQueue {
  private struct Entry {
    var deadline: Int64
    var key: UInt64
  }

  private var heap: [Entry] = []
  private var handlers: [UInt64: @Sendable () -> Void] = [:]
  private var nextKey: UInt64 = 1

  /// The earliest live deadline.
  var earliest: Int64? {
    mutating get {
      while let first = heap.first, handlers[first.key] == nil { removeFirst() }
      return heap.first?.deadline
    }
  }

  mutating func insert(deadline: Int64, handler: @escaping @Sendable () -> Void) -> Timer {
    let key = nextKey
    nextKey += 1
    handlers[key] = handler
    heap.append(Entry(deadline: deadline, key: key))
    rise(from: heap.count - 1)
    return Timer(key: key)
  }

  mutating func cancel(_ timer: Timer) {
    guard handlers.removeValue(forKey: timer.key) != nil else { return }
    if heap.count > 64, heap.count > handlers.count * 2 {
      heap.removeAll { handlers[$0.key] == nil }
      order()
    }
  }

  /// Removes the earliest handler whose deadline has come.
  mutating func popDue(at now: Int64) -> (@Sendable () -> Void)? {
    while let first = heap.first, first.deadline <= now {
      removeFirst()
      if let handler = handlers.removeValue(forKey: first.key) { return handler }
    }
    return nil
  }

  private mutating func removeFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    sink(from: 0)
  }
}

extension TimerQueue: BinaryHeap {
  var count: Int { heap.count }

  func precedes(_ place: Int, _ other: Int) -> Bool {
    (heap[place].deadline, heap[place].key) < (heap[other].deadline, heap[other].key)
  }

  mutating func swapAt(_ place: Int, _ other: Int) { heap.swapAt(place, other) }
}
