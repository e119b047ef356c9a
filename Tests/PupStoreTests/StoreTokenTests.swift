import PupCore
import PupSystem
import Testing

@testable import PupStore

@Suite struct StoreTokenTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  private func token(_ id: String, expires: Int64? = nil, created: Int64 = 1) -> TokenRecord {
    TokenRecord(
      id: id, consumer: "Deploy", scopes: ["read", "control:web-*"], created: WallTime(microseconds: created),
      expires: expires.map { WallTime(microseconds: $0) })
  }

  @Test func tokensAreListedAndRevoked() async throws {
    let first = try folder.open()
    #expect(await first.added(token("a")) == .saved)
    #expect(await first.added(token("b", expires: .max)) == .saved)
    first.revokeToken("a", at: WallTime(microseconds: 5))
    first.revokeToken("a", at: WallTime(microseconds: 9))
    first.revokeToken("minted elsewhere", at: WallTime(microseconds: 6))
    first.close()
    let second = try folder.open()
    defer { second.close() }
    let tokens = try second.loadTokens()
    #expect(tokens.map(\.id) == ["a", "b", "minted elsewhere"])
    #expect(tokens.map { $0.revoked?.microseconds } == [5, nil, 6])
    #expect(tokens[1] == token("b", expires: .max))
  }

  @Test func consumersAreRevokedWithoutRegardToCaseAndSpace() async throws {
    let store = try folder.open()
    defer { store.close() }
    store.revoke(ConsumerRevocation(consumer: " Deploy\t", time: WallTime(microseconds: 3)))
    store.revoke(ConsumerRevocation(consumer: "other", time: WallTime(microseconds: 4)))
    #expect(try store.loadRevokedConsumers().map(\.consumer) == ["deploy", "other"])
    store.reinstate(consumer: "DEPLOY ")
    #expect(try store.loadRevokedConsumers().map(\.consumer) == ["other"])
  }

  @Test func thereIsABound() async throws {
    let store = try folder.open { $0.tokens = 2 }
    defer { store.close() }
    for id in ["a", "b"] { #expect(await store.added(token(id)) == .saved) }
    #expect(await store.added(token("c")) == .refused(.tooManyTokens(limit: 2)))
    store.revokeToken("a", at: WallTime(microseconds: 5))
    #expect(await store.added(token("c")) == .saved)
    #expect(store.counters.waiting == 0)
  }

  @Test func aRefusedOneDoesNotHinderItsNeighbours() async throws {
    let store = try folder.open { $0.tokens = 0 }
    defer { store.close() }
    async let refused = store.added(token("a"))
    for number in 0..<100 { store.record(.sample(number)) }
    #expect(await refused == .refused(.tooManyTokens(limit: 0)))
    #expect(try await store.history("web").count == 100)
  }

  @Test func expiredOnesAreForgottenAfterAWhile() async throws {
    let store = try folder.open { ($0.expiredTokenAge, $0.history) = (3600, 10) }
    defer { store.close() }
    let now = Clock.wallMicroseconds
    _ = await store.added(token("old", expires: now - 3_601_000_000))
    _ = await store.added(token("expired", expires: now - 1))
    _ = await store.added(token("never"))
    store.record(.sample(1))
    #expect(try store.loadTokens().map(\.id) == ["expired", "never"])
  }
}
