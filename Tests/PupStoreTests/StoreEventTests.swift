import PupCore
import PupTestSupport
import Testing

@testable import PupStore

@Suite struct StoreEventTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  private func event(_ epoch: String, _ number: Int64) -> StoredEvent {
    StoredEvent(
      epoch: epoch, number: number, time: WallTime(microseconds: number), type: "process_status_changed",
      process: number.isMultiple(of: 2) ? "web" : nil, payload: "{\"n\":\(number)}")
  }

  @Test func theWindowComesBackInOrder() async throws {
    let store = try folder.open()
    defer { store.close() }
    for number in [3, 1, 2, 5] as [Int64] { store.record(event("e", number)) }
    #expect(try await store.events("e") == [1, 2, 3, 5].map { event("e", $0) })
    #expect(try await store.events("e", after: 3) == [event("e", 5)])
    #expect(try await store.events("f").isEmpty)
  }

  @Test func theWindowIsBounded() async throws {
    let store = try folder.open { $0.events = 100 }
    defer { store.close() }
    let epoch = try store.openNumbering(block: 5000, boot: "b").epoch
    store.record(event("another", 1))
    for number in 1...2000 as ClosedRange<Int64> { store.record(event(epoch, number)) }
    _ = try await store.events(epoch)
    store.record(event(epoch, 2001))
    let kept = try await store.events(epoch).map(\.number)
    #expect((100...110).contains(kept.count))
    #expect(kept.last == 2001)
    #expect(try await store.events("another").isEmpty)
  }

  @Test func aCleanEndSkipsNothing() async throws {
    let first = try folder.open()
    let begun = try first.openNumbering(block: 100, boot: "b")
    #expect((begun.next, begun.end, begun.lastStored) == (1, 101, 0))
    #expect(begun.uncertain.isEmpty)
    for number in 1...5 as ClosedRange<Int64> { first.record(event(begun.epoch, number)) }
    first.closeNumbering(next: 6)
    first.close()
    let second = try folder.open()
    defer { second.close() }
    let later = try second.openNumbering(block: 100, boot: "b")
    #expect(later == EventNumbering(epoch: begun.epoch, next: 6, end: 106, lastStored: 5))
    #expect(later.uncertain.isEmpty)
  }

  /// A loss of power may have taken back what was written last.
  @Test func anotherBootBeginsANewEpoch() async throws {
    let first = try folder.open()
    let begun = try first.openNumbering(block: 100, boot: "b")
    first.record(event(begun.epoch, 1))
    first.closeNumbering(next: 2)
    first.close()
    let second = try folder.open()
    defer { second.close() }
    let later = try second.openNumbering(block: 100, boot: "another")
    #expect(later.epoch != begun.epoch)
    #expect((later.next, later.lastStored) == (1, 0))
  }

  @Test func aCrashSkipsAndNeverRepeats() async throws {
    var place = folder
    var used: Set<Int64> = []
    var epoch: String?
    var random = SeededGenerator(seed: 31)
    for _ in 0..<12 {
      let store = try place.open()
      let numbering = try store.openNumbering(block: 20, boot: "b")
      #expect(epoch == nil || epoch == numbering.epoch)
      epoch = numbering.epoch
      var (next, end) = (numbering.next, numbering.end)
      #expect(numbering.uncertain.lowerBound == numbering.lastStored + 1)
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        if next == end {
          end += 20
          let outcome = await withCheckedContinuation { continuation in
            store.reserveNumbers(below: end) { continuation.resume(returning: $0) }
          }
          #expect(outcome == .saved)
        }
        #expect(used.insert(next).inserted)
        // Some were given out and not stored when the end came.
        if Bool.random(using: &random) { store.record(event(numbering.epoch, next)) }
        next += 1
      }
      _ = try await store.events(numbering.epoch)
      let copy = try place.copyAsAfterKill()
      store.close()
      place = copy
    }
  }

  @Test func aNewEpochForgetsTheOldOne() async throws {
    let first = try folder.open()
    let old = try first.openNumbering(block: 10, boot: "b")
    first.record(event(old.epoch, 1))
    first.close()
    let second = try folder.open()
    let new = try second.openNumbering(block: 10, boot: "c")
    #expect(new.epoch != old.epoch && new.epoch.utf8.count == 12)
    second.record(event(new.epoch, 1))
    #expect(try await second.events(old.epoch).isEmpty)
    second.closeNumbering(next: 2)
    second.close()
    let third = try folder.open()
    defer { third.close() }
    #expect(try third.openNumbering(block: 10, boot: "c") == EventNumbering(epoch: new.epoch, next: 2, end: 12, lastStored: 1))
  }
}
