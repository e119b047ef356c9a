import Glibc
import PupCore
import Testing

@testable import PupStore

/// The name `.main.db`, which was ours before and is the original's.
@Suite struct FormerFileTests {
  private let folder: TemporaryStore
  private let (former, current): (String, String)

  init() throws {
    folder = try TemporaryStore()
    (former, current) = (folder.folder + "/.main.db", folder.folder + "/.main.store.db")
  }

  private func open() throws -> Store {
    let notices = folder.notices
    return try Store.open(current) { notices.add($0) }
  }

  @Test func ourOwnGetsItsNewName() async throws {
    do {
      let database = try Database(path: former)
      try database.migrate()
      try database.insert(Transition.sample(1))
    }
    let store = try open()
    defer { store.close() }
    #expect(try await store.history("web").map(\.transition) == [.sample(1)])
    #expect(access(former, F_OK) != 0)
    #expect(folder.notices.all.isEmpty)
  }

  @Test(arguments: ["no database at all", "", "another database"]) func anybodyElsesIsLeftAloneAndToldOnce(_ content: String)
    throws
  {
    if content == "another database" {
      try Database(path: former).script("CREATE TABLE kv (k BLOB); PRAGMA user_version = 1", stage: "test")
    } else {
      let file = Glibc.open(former, O_WRONLY | O_CREAT, 0o644)
      _ = write(file, content, content.utf8.count)
      close(file)
    }
    var before = stat()
    #expect(stat(former, &before) == 0)
    for _ in 0..<2 { try open().close() }
    var after = stat()
    #expect(stat(former, &after) == 0 && after.st_ino == before.st_ino && after.st_size == before.st_size)
    #expect(folder.notices.all == [.leftAlone(former)])
    #expect(folder.notices.all.first?.isError == false)
  }
}
