import Glibc
import PupCore
import Testing

@testable import PupStore

@Suite struct MigrationTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  @Test func theStepsAreNumberedWithoutAGap() {
    #expect(Migration.all.map(\.version) == Array(1...Migration.newest))
  }

  @Test(arguments: Migration.all.map(\.version)) func everyOlderFormatIsBroughtForward(from version: Int) async throws {
    do {
      let database = try Database(path: folder.path)
      try database.migrate(to: version)
      #expect(try database.userVersion() == version)
      // What that format could hold.
      try database.insert(Transition.sample(1))
      try database.replaceDesired([DesiredState(id: "web", heldBy: .consumer("x"))], at: WallTime(microseconds: 8))
      if version >= 2 { try database.revokeToken("t", at: WallTime(microseconds: 9)) }
      if version >= 3 {
        try database.insert(
          StoredEvent(epoch: "e", number: 1, time: WallTime(microseconds: 1), type: "t", process: nil, payload: "{}"))
      }
    }
    let store = try folder.open()
    defer { store.close() }
    #expect(try await store.history("web").map(\.transition) == [.sample(1)])
    #expect(try store.loadDesired().first?.heldSince == WallTime(microseconds: 8))
    #expect(try store.loadTokens().map(\.id) == (version >= 2 ? ["t"] : []))
    #expect(try await store.events("e").count == (version >= 3 ? 1 : 0))
    #expect(folder.notices.all.isEmpty)
  }

  @Test func aStepThatFailsLeavesTheFormatBefore() throws {
    let database = try Database(path: folder.path)
    try database.migrate(to: 1)
    try database.script("CREATE TABLE revoked_consumer (x)", stage: "test")
    #expect(throws: StoreError.self) { try database.migrate() }
    #expect(try database.userVersion() == 1)
    #expect(try database.integer("SELECT count(*) FROM sqlite_master WHERE name = 'token'", stage: "test") == 0)
  }

  /// `inLog`: the version is still in the write-ahead log of a supervisor that was killed, not in the file.
  @Test(arguments: [false, true]) func aNewerFormatIsRefusedAndNotTouched(inLog: Bool) throws {
    var place = folder
    do {
      let database = try Database(path: folder.path)
      if inLog { _ = try database.text("PRAGMA journal_mode = WAL", stage: "test") }
      try database.migrate()
      try database.script("PRAGMA user_version = 99", stage: "test")
      if inLog { place = try folder.copyAsAfterKill() }
    }
    let names = place.names
    let before = try names.map { try place.bytes($0) }
    #expect(throws: StoreError.newer(path: place.path, found: 99, known: Migration.newest)) { try place.open() }
    #expect(try names.map { try place.bytes($0) } == before)
    #expect(place.notices.all.isEmpty)
  }

  @Test func theFileIsTheUsersAlone() throws {
    let previous = umask(0)
    defer { umask(previous) }
    let store = try folder.open()
    defer { store.close() }
    store.record(.sample(1))
    _ = try store.loadDesired()
    #expect(folder.names == ["store.sqlite", "store.sqlite-shm", "store.sqlite-wal"])
    for name in folder.names {
      var info = stat()
      #expect(stat(folder.folder + "/" + name, &info) == 0)
      #expect(info.st_mode & 0o777 == 0o600)
    }
  }
}
