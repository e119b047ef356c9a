import PupAPI
import Testing

@testable import PupRestClient

@Suite(.timeLimit(.minutes(5))) struct TokenCallTests {
  private let created = TokenCreated(token: "a.b.c", id: "7", consumer: "dash", scopes: ["read"], expires: Samples.date)

  @Test func aTokenIsMade() async throws {
    let (created, server) = (created, try ScriptedServer { [created] in $1.answer("{\"data\":\(created.jsonText)}") })
    let client = try Samples.client(server.address)
    defer { client.close() }
    let made = try await client.createToken(consumer: "dash", scopes: ["read", "control:web-*"], expiresIn: .milliseconds(1500))
    #expect(made == created)
    _ = try await client.createToken(consumer: "dash")
    #expect(server.requests.map(\.method) == ["POST", "POST"])
    #expect(server.requests.map(\.target) == ["/tokens", "/tokens"])
    #expect(
      server.requests.map(\.body) == [
        #"{"consumer":"dash","scopes":["read","control:web-*"],"expiresIn":2}"#, #"{"consumer":"dash"}"#,
      ])
  }

  @Test(arguments: [
    (Duration.seconds(60), Int64(60)), (.zero, 1), (.seconds(-5), 1), (.nanoseconds(1), 1), (.seconds(Int64.max), Int64.max),
  ])
  func lifetimesAreWholeSeconds(_ duration: Duration, _ seconds: Int64) {
    #expect(PupRestClient.wholeSeconds(duration) == seconds)
  }

  @Test func tokensAreListed() async throws {
    let listed = [
      TokenInfo(id: "7", consumer: "dash", scopes: ["read"], created: Samples.date, expires: Samples.date),
      TokenInfo(id: "8", consumer: "old", scopes: ["admin"], created: Samples.date, revoked: Samples.date),
    ]
    let server = try ScriptedServer { $1.answer("{\"data\":\(listed.jsonText)}") }
    let client = try Samples.client(server.address)
    defer { client.close() }
    #expect(try await client.getTokens() == listed)
    #expect(server.requests.map(\.target) == ["/tokens"])
  }

  @Test func tokensAreRevoked() async throws {
    let server = try ScriptedServer { $1.answer(#"{"data":{"success":true,"outcome":"done"}}"#) }
    let client = try Samples.client(server.address)
    defer { client.close() }
    try await client.revokeToken(id: "7")
    try await client.revokeTokens(consumer: "Dash ")
    try await client.reinstate(consumer: "dash")
    #expect(server.requests.map(\.target) == ["/tokens/revoke", "/tokens/revoke", "/tokens/reinstate"])
    #expect(server.requests.map(\.body) == [#"{"id":"7"}"#, #"{"consumer":"Dash "}"#, #"{"consumer":"dash"}"#])
  }

  /// The token used for the request is invalid afterwards.
  @Test func afterARotationTheClientGoesOnWithTheFreshToken() async throws {
    let server = try ScriptedServer { request, connection in
      connection.answer(request.method == "POST" ? #"{"data":{"token":"fresh.one"}}"# : #"{"data":[]}"#)
    }
    let client = try Samples.client(server.address, token: "old.one")
    defer { client.close() }
    #expect(try await client.rotateSecret().token == "fresh.one")
    _ = try await client.getTokens()
    #expect(server.requests.map(\.target) == ["/tokens/rotate-secret", "/tokens"])
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer old.one", "Bearer fresh.one"])
  }

  @Test(arguments: [
    #"{"token":5}"#, #"{"token":"a.b.c","id":"7","consumer":"x"}"#, #"{"token":"a.b.c","id":"7","consumer":"x","scopes":[null]}"#,
    #"{"token":"a.b.c","id":"7","consumer":"x","scopes":[],"expires":"tomorrow"}"#,
  ])
  func wrongAnswersTellNoToken(_ data: String) async throws {
    let server = try ScriptedServer { $1.answer("{\"data\":\(data)}") }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let error = await #expect(throws: PupError.self) { try await client.createToken(consumer: "x") }
    #expect(error?.code == .unexpectedAnswer)
    #expect(error?.message.contains("a.b.c") == false)
  }
}
