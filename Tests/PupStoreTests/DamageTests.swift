import Glibc
import PupCore
import PupSystem
import PupTestSupport
import Testing

@testable import PupStore

@Suite struct DamageTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  private func fill() async throws {
    let store = try folder.open()
    for number in 0..<400 { store.record(.sample(number)) }
    _ = await store.save([DesiredState(id: "web", heldBy: .consumer("ops"))])
    store.revokeToken("leaked", at: WallTime(microseconds: 1))
    store.close()
  }

  private var movedTo: String? {
    for case .damaged(_, let path, _) in folder.notices.all { return path }
    return nil
  }

  enum Damage: CaseIterable { case text, zeros, header, truncated }

  @Test(arguments: Damage.allCases) func aDamagedFileIsSetAside(_ damage: Damage) async throws {
    try await fill()
    var bytes = try folder.bytes()
    switch damage {
    case .text: bytes = Array("this is no database\n".utf8)
    case .zeros: bytes = [UInt8](repeating: 0, count: bytes.count)
    case .header: bytes.replaceSubrange(16..<40, with: [UInt8](repeating: 0xA5, count: 24))
    case .truncated: bytes.removeLast(bytes.count - 5000)
    }
    try folder.write(bytes)
    let store = try folder.open()
    defer { store.close() }
    let path = try #require(movedTo)
    #expect(try folder.bytes(String(path.dropFirst(folder.folder.count + 1))) == bytes)
    #expect(try await store.history("web").isEmpty)
    store.record(.sample(1))
    #expect(try await store.history("web").count == 1)
    #expect(folder.notices.all.first.map { "\($0)" }?.contains("rotate-secret") == true)
  }

  @Test func anEmptyFileIsANewOne() throws {
    try folder.write([])
    let store = try folder.open()
    defer { store.close() }
    #expect(try store.loadDesired().isEmpty)
    #expect(folder.notices.all.isEmpty)
  }

  @Test func aFolderInItsPlaceIsTold() throws {
    mkdir(folder.path, 0o700)
    defer { rmdir(folder.path) }
    let error = #expect(throws: StoreError.self) { try folder.open() }
    #expect("\(try #require(error))".contains("this is not a regular file"))
  }

  @Test func aMissingFolderIsTold() throws {
    let error = #expect(throws: StoreError.self) { try Store.open(folder.folder + "/none/store.sqlite") { _ in } }
    #expect("\(try #require(error))".contains("No such file or directory"))
  }

  @Test func damageOfTheHistoryKeepsWhatOperatorsDecided() async throws {
    try await fill()
    var bytes = try folder.bytes()
    // Wherever "number 200" lies: a leaf of the history.
    let needle = Array("number 200".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: needle) })
    let page = place / 4096 * 4096
    bytes.replaceSubrange(page..<page + 4096, with: [UInt8](repeating: 0xEE, count: 4096))
    try folder.write(bytes)

    let store = try folder.open()
    defer { store.close() }
    // The start does not read the history, and so does not notice.
    #expect(folder.notices.all.isEmpty)
    #expect(try await store.history("web").isEmpty)
    #expect(movedTo != nil)
    #expect(folder.notices.all.map { "\($0)" }.first?.contains("were kept") == true)
    #expect(try store.loadDesired().map(\.state) == [DesiredState(id: "web", heldBy: .consumer("ops"))])
    #expect(try store.loadTokens().map(\.id) == ["leaked"])
    store.record(.sample(7))
    #expect(try await store.history("web").map(\.transition) == [.sample(7)])
  }

  @Test func theExaminationFindsWhatNobodyReads() async throws {
    try await fill()
    var bytes = try folder.bytes()
    let needle = Array("number 200".utf8)
    let place = try #require(bytes.indices.first { bytes[$0...].starts(with: needle) })
    let page = place / 4096 * 4096
    bytes.replaceSubrange(page..<page + 100, with: [UInt8](repeating: 0xEE, count: 100))
    try folder.write(bytes)
    let store = try folder.open()
    defer { store.close() }
    try store.waitFor { (worker) throws(StoreError) in worker.examine() }
    #expect(movedTo != nil)
    #expect(try store.loadDesired().count == 1)
  }

  /// Whatever byte is wrong: no crash, an answer or a told error, and a store that can be written.
  @Test func anyDamageLeavesAUsableStore() async throws {
    try await fill()
    let sound = try folder.bytes()
    var random = SeededGenerator(seed: 7)
    for _ in 0..<60 {
      var bytes = sound
      for _ in 0..<20 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
      try folder.write(bytes)
      // A newer version is one of the things that a wrong byte can say.
      guard let store = try? folder.open() else { continue }
      _ = try? await store.history(nil)
      try? store.waitFor { (worker) throws(StoreError) in worker.examine() }
      store.record(.sample(9999))
      let newest = try await store.history("web", limit: 1).first?.transition
      #expect(newest == .sample(9999))
      store.close()
      for name in folder.names { unlink(folder.folder + "/" + name) }
    }
  }
}
