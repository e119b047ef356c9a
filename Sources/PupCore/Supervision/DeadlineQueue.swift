internal import PupBasics

/// The deadlines of many members, by number: a binary heap in which each member appears at most once and has a known position.
struct DeadlineQueue: Sendable {
  private var heap: [(deadline: Int64, member: Int)] = []
  /// Each member's position in the heap, or −1.
  private var places: [Int] = []

  var first: (deadline: Int64, member: Int)? { heap.first }

  /// nil removes the member's deadline.
  mutating func set(_ member: Int, _ deadline: Int64?) {
    while places.count <= member { places.append(-1) }
    let place = places[member]
    guard let deadline else {
      if place >= 0 { remove(at: place) }
      return
    }
    if place < 0 {
      heap.append((deadline, member))
      places[member] = heap.count - 1
      rise(from: heap.count - 1)
    } else if heap[place].deadline != deadline {
      heap[place].deadline = deadline
      rise(from: place)
      sink(from: places[member])
    }
  }

  private mutating func remove(at place: Int) {
    places[heap[place].member] = -1
    let last = heap.removeLast()
    guard place < heap.count else { return }
    heap[place] = last
    places[last.member] = place
    rise(from: place)
    sink(from: places[last.member])
  }
}

extension DeadlineQueue: BinaryHeap {
  var count: Int { heap.count }

  func precedes(_ place: Int, _ other: Int) -> Bool { heap[place].deadline < heap[other].deadline }

  mutating func swapAt(_ place: Int, _ other: Int) {
    heap.swapAt(place, other)
    places[heap[place].member] = place
    places[heap[other].member] = other
  }
}
