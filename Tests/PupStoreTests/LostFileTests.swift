import Glibc
import PupCore
import Testing

@testable import PupStore

/// Somebody removes, moves or replaces the file while the store has it open: it is made anew, with all that was in it.
@Suite struct LostFileTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  private let stop = DesiredState(id: "web", heldBy: .consumer("ops"))

  private func remove(_ suffixes: String...) { for suffix in suffixes { unlink(folder.path + suffix) } }

  private func fill(_ store: Store) async {
    for number in 0..<50 { store.record(.sample(number)) }
    store.revokeToken("leaked", at: WallTime(microseconds: 1))
    store.revoke(ConsumerRevocation(consumer: "evil", time: WallTime(microseconds: 1)))
    #expect(await store.save([stop]) == .saved)
  }

  private func expectEverything(history: Int = 50) async throws {
    let store = try folder.open()
    defer { store.close() }
    #expect(try store.loadDesired().map(\.state) == [stop])
    #expect(try store.loadTokens().map(\.id) == ["leaked"])
    #expect(try store.loadRevokedConsumers().map(\.consumer) == ["evil"])
    #expect(try await store.history("web").count == history)
  }

  enum Loss: CaseIterable { case everything, fileOnly, logOnly, indexOnly, moved, replaced, replacedByADatabase }

  private func lose(_ loss: Loss) throws {
    switch loss {
    case .everything: remove("", "-wal", "-shm")
    case .fileOnly: remove("")
    case .logOnly: remove("-wal")
    case .indexOnly: remove("-shm")
    case .moved: #expect(rename(folder.path, folder.folder + "/elsewhere") == 0)
    case .replaced:
      try folder.write(Array("something else".utf8), to: "other")
      #expect(rename(folder.folder + "/other", folder.path) == 0)
    case .replacedByADatabase:
      try Store.open(folder.folder + "/other.db") { _ in }.close()
      #expect(rename(folder.folder + "/other.db", folder.path) == 0)
    }
  }

  @Test(arguments: Loss.allCases) func itIsNoticedBeforeTheNextWrite(_ loss: Loss) async throws {
    let store = try folder.open()
    await fill(store)
    try lose(loss)
    store.record(.sample(50))
    #expect(try await store.history("web").count == 51)
    guard case .remade = folder.notices.all.first else {
      Issue.record("nobody is informed: \(folder.notices.all)")
      return
    }
    let copy = try folder.copyAsAfterKill()
    store.close()
    try await expectEverything(history: 51)
    // Also where it is killed.
    let after = try copy.open()
    #expect(try after.loadTokens().map(\.id) == ["leaked"])
    after.close()
    let isStranger = loss == .replaced || loss == .replacedByADatabase
    #expect(folder.names.contains { $0.hasPrefix("store.sqlite.replaced-") } == isStranger)
  }

  @Test(arguments: Loss.allCases) func itIsNoticedWithoutAWrite(_ loss: Loss) async throws {
    let store = try folder.open()
    await fill(store)
    store.checkFile()
    try lose(loss)
    store.checkFile()
    await folder.notices.wait { if case .remade(_, _, let isComplete) = $0 { isComplete } else { false } }
    #expect(folder.notices.all.count == 1)
    store.close()
    try await expectEverything()
  }

  @Test(arguments: Loss.allCases) func itIsNoticedAtTheEnd(_ loss: Loss) async throws {
    let store = try folder.open()
    await fill(store)
    try lose(loss)
    #expect(store.close() == StoreLeftovers())
    try await expectEverything()
  }

  @Test func aFolderThatWasRemovedIsWaitedFor() async throws {
    let store = try folder.open()
    await fill(store)
    remove("", "-wal", "-shm")
    #expect(rmdir(folder.folder) == 0)
    let other = DesiredState(id: "web", blockedBy: .consumer("ops"))
    guard case .delayed = await store.save([other]) else {
      Issue.record("saved in a file that is gone")
      return
    }
    #expect(mkdir(folder.folder, 0o700) == 0)
    store.retryNow()
    #expect(await store.save([stop]) == .saved)
    store.close()
    try await expectEverything()
  }

  @Test func whatCouldNotBeWrittenIsSaidAtTheEnd() async throws {
    let store = try folder.open()
    await fill(store)
    try store.script("PRAGMA query_only = 1")
    store.revokeToken("another", at: WallTime(microseconds: 1))
    guard case .delayed = await store.save([]) else {
      Issue.record("the file is read-only")
      return
    }
    #expect(store.close() == StoreLeftovers(hasDecisions: true, hasRevocations: true))
  }

  @Test func aFileThatIsGoneForGoodIsSaidAtTheEnd() async throws {
    let store = try folder.open()
    await fill(store)
    remove("", "-wal", "-shm")
    #expect(rmdir(folder.folder) == 0)
    #expect(store.close() == StoreLeftovers(hasDecisions: true, hasRevocations: true))
    #expect(mkdir(folder.folder, 0o700) == 0)
  }

  /// The folder has another name by now: the file that is open is still the one.
  @Test func aFolderThatWasRenamedIsNotMadeAnew() async throws {
    let store = try folder.open()
    await fill(store)
    #expect(rename(folder.folder, folder.folder + "-2") == 0)
    store.checkFile()
    store.record(.sample(50))
    #expect(try await store.history("web").count == 51)
    #expect(access(folder.folder, F_OK) != 0)
    #expect(store.close() == StoreLeftovers())
    #expect(folder.notices.all.isEmpty)
    #expect(rename(folder.folder + "-2", folder.folder) == 0)
    try await expectEverything(history: 51)
  }
}
