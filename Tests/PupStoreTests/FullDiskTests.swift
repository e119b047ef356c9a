import PupCore
import Testing

@testable import PupStore

@Suite struct FullDiskTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  private let token = TokenRecord(
    id: "t", consumer: "c", scopes: [], created: WallTime(microseconds: 1), expires: nil)

  private func isFailing(_ notice: StoreNotice) -> Bool { if case .failing = notice { true } else { false } }
  private func isRecovered(_ notice: StoreNotice) -> Bool { if case .recovered = notice { true } else { false } }

  private func long(_ number: Int) -> Transition {
    var transition = Transition.sample(number)
    transition.reason = String(repeating: "x", count: 990)
    return transition
  }

  @Test func aFullDiskDelaysAndLosesNothing() async throws {
    let store = try folder.open()
    defer { store.close() }
    store.record(.sample(0))
    _ = try await store.history("web")
    // Stands for the disk: the file may not grow by more than the pages it has.
    try store.script("PRAGMA max_page_count = 1")
    for number in 1...200 { store.record(long(number)) }
    await folder.notices.wait(for: isFailing)
    #expect(store.counters.isFailing)
    // The last page had room for a few.
    let stored = try await store.history("web").count
    #expect(stored < 20)
    #expect(store.counters.waiting == 201 - stored)
    guard case .delayed = await store.save([DesiredState(id: "web", heldBy: .consumer("x"))]) else {
      Issue.record("an operator's decision is kept and tried again")
      return
    }
    guard case .refused = await store.added(token) else {
      Issue.record("a token that cannot be listed is not handed out")
      return
    }
    try store.script("PRAGMA max_page_count = 1000000")
    await folder.notices.wait(for: isRecovered)
    #expect(folder.notices.all.last == .recovered(dropped: 0))
    #expect(folder.notices.all.filter(isFailing).count == 1)
    #expect(try await store.history("web").count == 201)
    #expect(try store.loadDesired().count == 1)
    #expect(try store.loadTokens().isEmpty)
    #expect(store.counters.waiting == 0)
    #expect(await store.added(token) == .saved)
  }

  @Test func aReadOnlyFileIsTheSame() async throws {
    let store = try folder.open()
    defer { store.close() }
    try store.script("PRAGMA query_only = 1")
    store.record(.sample(1))
    await folder.notices.wait(for: isFailing)
    try store.script("PRAGMA query_only = 0")
    await folder.notices.wait(for: isRecovered)
    #expect(try await store.history("web").count == 1)
  }

  @Test func whatHasNoRoomToWaitIsCounted() async throws {
    let store = try folder.open { ($0.waiting, $0.waitingImportant) = (50, 20) }
    defer { store.close() }
    try store.script("PRAGMA query_only = 1")
    store.record(.sample(0))
    await folder.notices.wait(for: isFailing)
    for number in 1..<200 { store.record(.sample(number)) }
    #expect(store.counters.dropped == 150)
    for number in 0..<500 { store.saveDesired([DesiredState(id: "web", heldBy: .consumer("\(number)"))]) }
    try store.script("PRAGMA query_only = 0")
    await folder.notices.wait(for: isRecovered)
    #expect(folder.notices.all.last == .recovered(dropped: 150))
    #expect(try await store.history("web").count == 50)
    #expect(try store.loadDesired().first?.state.heldBy == .consumer("499"))
  }

  @Test func aStoreThatIsClosedRefuses() async throws {
    let store = try folder.open()
    store.close()
    #expect(await store.save([]) == .refused(.closed))
    await #expect(throws: StoreError.closed) { try await store.history("web") }
  }

  @Test func closingWritesWhatWaits() async throws {
    let first = try folder.open()
    for number in 0..<1000 { first.record(.sample(number)) }
    first.close()
    #expect(folder.names == ["store.sqlite"])
    let second = try folder.open()
    defer { second.close() }
    #expect(try await second.history("web").count == 1000)
  }
}
