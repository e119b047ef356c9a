import PupBasics
import PupTestSupport
import Testing

@Suite struct BinaryHeapTests {
  private struct Numbers: BinaryHeap {
    var numbers: [Int]

    var count: Int { numbers.count }
    func precedes(_ place: Int, _ other: Int) -> Bool { numbers[place] < numbers[other] }
    mutating func swapAt(_ place: Int, _ other: Int) { numbers.swapAt(place, other) }

    mutating func removeFirst() -> Int {
      numbers.swapAt(0, numbers.count - 1)
      let first = numbers.removeLast()
      sink(from: 0)
      return first
    }

    var isHeap: Bool { numbers.indices.dropFirst().allSatisfy { numbers[($0 - 1) / 2] <= numbers[$0] } }
  }

  @Test func itSortsLikeTheStandardLibrary() {
    var generator = SeededGenerator(seed: 31)
    for length in 0..<120 {
      let numbers = (0..<length).map { _ in Int.random(in: -20...20, using: &generator) }
      var one = Numbers(numbers: numbers)
      one.order()
      var other = Numbers(numbers: [])
      for number in numbers {
        other.numbers.append(number)
        other.rise(from: other.count - 1)
      }
      #expect(one.isHeap && other.isHeap)
      #expect(numbers.indices.map { _ in one.removeFirst() } == numbers.sorted())
      #expect(numbers.indices.map { _ in other.removeFirst() } == numbers.sorted())
    }
  }

  @Test func anElementThatChangesFindsItsPlace() {
    var generator = SeededGenerator(seed: 32)
    var heap = Numbers(numbers: Array(0..<100))
    for _ in 0..<2_000 {
      let place = Int.random(in: 0..<100, using: &generator)
      let before = heap.numbers[place]
      heap.numbers[place] = Int.random(in: 0..<100, using: &generator)
      if heap.numbers[place] < before { heap.rise(from: place) } else { heap.sink(from: place) }
      #expect(heap.isHeap)
    }
  }
}
