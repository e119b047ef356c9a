/// A heap in an array of its owner's, which may keep other data with each element: the least element is at index 0, and the
/// children of index n are at 2n + 1 and 2n + 2.
///
/// `@inlinable`, so that it is specialized for each owner.
package protocol BinaryHeap {
  /// The number of elements.
  var count: Int { get }
  /// The element at `place` comes before the one at `other`.
  func precedes(_ place: Int, _ other: Int) -> Bool
  mutating func swapAt(_ place: Int, _ other: Int)
}

extension BinaryHeap {
  /// Restores the order for an element that may precede those above it.
  @inlinable package mutating func rise(from start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard precedes(place, parent) else { return }
      swapAt(place, parent)
      place = parent
    }
  }

  /// Restores the order for an element that may follow those below it.
  @inlinable package mutating func sink(from start: Int) {
    var place = start
    while true {
      var least = place
      for child in 2 * place + 1..<2 * place + 3 where child < count && precedes(child, least) { least = child }
      guard least != place else { return }
      swapAt(place, least)
      place = least
    }
  }

  /// Turns elements in arbitrary order into a heap.
  @inlinable package mutating func order() {
    for place in stride(from: count / 2 - 1, through: 0, by: -1) { sink(from: place) }
  }
}
