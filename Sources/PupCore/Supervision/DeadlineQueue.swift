/// The deadlines of many members, by number: a binary heap in which each member appears once and knows its place.
struct DeadlineQueue: Sendable {
  private var heap: [(deadline: Int64, member: Int)] = []
  /// Per member its place in the heap, or −1.
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
      rise(heap.count - 1)
    } else if heap[place].deadline != deadline {
      heap[place].deadline = deadline
      rise(place)
      sink(places[member])
    }
  }

  private mutating func remove(at place: Int) {
    places[heap[place].member] = -1
    let last = heap.removeLast()
    guard place < heap.count else { return }
    heap[place] = last
    places[last.member] = place
    rise(place)
    sink(places[last.member])
  }

  private mutating func rise(_ start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard heap[place].deadline < heap[parent].deadline else { return }
      swap(place, parent)
      place = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var place = start
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
        if heap[child].deadline < heap[least].deadline { least = child }
      }
      guard least != place else { return }
      swap(place, least)
      place = least
    }
  }

  private mutating func swap(_ one: Int, _ other: Int) {
    heap.swapAt(one, other)
    places[heap[one].member] = one
    places[heap[other].member] = other
  }
}
