import PupCore
import Testing

@testable import PupStore

@Suite struct StoreDesiredTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  @Test func decisionsOutliveTheSupervisor() async throws {
    let states = [
      DesiredState(id: "a", heldBy: .consumer("cli")), DesiredState(id: "b", blockedBy: .consumer("ops")),
      DesiredState(id: "c", heldBy: .signal(2), blockedBy: .consumer("")),
    ]
    let first = try folder.open()
    #expect(try first.loadDesired().isEmpty)
    #expect(await first.save(states) == .saved)
    let copy = try folder.copyAsAfterKill()
    first.close()
    for place in [folder, copy] {
      let second = try place.open()
      #expect(try second.loadDesired().map(\.state) == states)
      second.close()
    }
  }

  @Test func nothingHasToBeAskedOnlyWhereEverythingIsInTheFile() async throws {
    let store = try folder.open()
    #expect(!store.mayHaveUnsavedDecisions)
    #expect(await store.save([DesiredState(id: "a", heldBy: .consumer("x"))]) == .saved)
    #expect(!store.mayHaveUnsavedDecisions)
    try store.script("PRAGMA query_only = 1")
    guard case .delayed = await store.save([]) else {
      Issue.record("written all the same")
      return
    }
    #expect(store.mayHaveUnsavedDecisions)
    store.close()
    #expect(store.mayHaveUnsavedDecisions)
  }

  @Test func aDecisionKeepsItsTimeWhileItStands() async throws {
    let store = try folder.open()
    defer { store.close() }
    _ = await store.save([DesiredState(id: "a", heldBy: .consumer("x"))])
    let since = try #require(try store.loadDesired().first?.heldSince)
    _ = await store.save([DesiredState(id: "A", heldBy: .consumer("x"), blockedBy: .consumer("y"))])
    let both = try store.loadDesired()
    #expect(both.count == 1)
    #expect(both.first?.heldSince == since)
    #expect(try #require(both.first?.blockedSince) > since)
    _ = await store.save([DesiredState(id: "a", heldBy: .consumer("z"))])
    let other = try #require(try store.loadDesired().first)
    #expect(try #require(other.heldSince) > since)
    #expect(other.blockedSince == nil)
  }

  @Test func theLastSetCounts() async throws {
    let store = try folder.open()
    defer { store.close() }
    for number in 0..<500 {
      store.saveDesired((0...number % 7).map { DesiredState(id: ProcessID("p\($0)"), heldBy: .consumer("\(number)")) })
    }
    #expect(try store.loadDesired().map(\.state.heldBy) == Array(repeating: .consumer("499"), count: 499 % 7 + 1))
    #expect(await store.save([]) == .saved)
    #expect(try store.loadDesired().isEmpty)
    #expect(store.counters.waiting == 0)
  }

  @Test func everybodyWhoWaitsHears() async throws {
    let store = try folder.open()
    defer { store.close() }
    let outcomes = await withTaskGroup { group in
      for number in 0..<300 { group.addTask { await store.save([DesiredState(id: ProcessID("p\(number)"))]) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes == Array(repeating: .saved, count: 300))
  }
}
