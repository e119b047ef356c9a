import Glibc
import PupCore
import Testing

@testable import PupStore

/// SQLite has room for 512 bytes of path; ours may be as long as the kernel's.
@Suite struct LongPathTests {
  /// Around SQLite's limit, and the longest at which the tests can name the files themselves.
  private static let lengths = [480, 495, 505, 520, 1000, 4030]

  @Test(arguments: lengths) func whatIsWrittenIsThereAgain(length: Int) async throws {
    let folder = try TemporaryStore(length: length)
    let first = try folder.open()
    first.record(.sample(1))
    #expect(await first.save([DesiredState(id: "web", heldBy: .consumer("ops"))]) == .saved)
    #expect(folder.names == ["store.sqlite", "store.sqlite-shm", "store.sqlite-wal"])
    // As the command does beside a Pup that has just died; both connections see each other's locks.
    let second = try folder.open()
    second.record(.sample(2))
    #expect(try await second.history("web").count == 2)
    second.close()
    first.close()
    #expect(folder.names == ["store.sqlite"])
    let again = try folder.open()
    defer { again.close() }
    #expect(try await again.history("web").count == 2)
    #expect(try again.loadDesired().map(\.state.id) == ["web"])
  }

  @Test(arguments: lengths) func aLogThatWasLeftBehindIsRead(length: Int) async throws {
    let folder = try TemporaryStore(length: length)
    let store = try folder.open()
    defer { store.close() }
    #expect(await store.save([DesiredState(id: "web", heldBy: .consumer("ops"))]) == .saved)
    let copy = try TemporaryStore(length: length)
    for name in folder.names where !name.hasSuffix("-shm") { try copy.write(try folder.bytes(name), to: name) }
    let after = try copy.open()
    defer { after.close() }
    #expect(try after.loadDesired().map(\.state.id) == ["web"])
  }

  @Test(arguments: lengths) func aDamagedFileIsSetAside(length: Int) async throws {
    let folder = try TemporaryStore(length: length)
    let store = try folder.open()
    for number in 0..<400 { store.record(.sample(number)) }
    #expect(await store.save([DesiredState(id: "web", heldBy: .consumer("ops"))]) == .saved)
    store.close()
    var bytes = try folder.bytes()
    bytes.removeLast(bytes.count - 5000)
    try folder.write(bytes)
    let fresh = try folder.open()
    defer { fresh.close() }
    fresh.record(.sample(1))
    #expect(try await fresh.history("web").count == 1)
    let aside = try #require(folder.names.first { $0.hasPrefix("store.sqlite.damaged-") })
    #expect(try folder.bytes(aside) == bytes)
  }

  @Test func aFolderOfSomebodyElseIsRefused() throws {
    let folder = try TemporaryStore(length: 1000)
    chmod(folder.folder, 0o777)
    let error = #expect(throws: StoreError.self) { try Database(path: folder.path) }
    #expect("\(try #require(error))".contains("can write to this folder"))
  }
}
