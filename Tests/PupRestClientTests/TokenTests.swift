import PupAPI
import Synchronization
import Testing

@testable import PupRestClient

@Suite(.timeLimit(.minutes(5))) struct TokenTests {
  @Test func aFreshTokenProlongsTheStreamInPlace() async throws {
    let prolonged = Signal()
    let server = try ScriptedServer { request, connection in
      if request.method == "POST" {
        connection.answer(#"{"data":null}"#)
        return prolonged.give()
      }
      connection.beginEvents()
      connection.chunk("event: stream\ndata: {\"id\":\"s 7\"}\n\n")
      connection.chunk(EventFeed(1...1).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address, token: "old")
    defer { client.close() }
    for await event in client.events() where event.feedNumber == 1 { break }
    client.refreshApiToken("fresh")
    await prolonged.wait()
    let request = try #require(server.requests.last)
    #expect(request.target == "/events/s%207/auth")
    #expect(request.headers["authorization"] == "Bearer fresh")
    #expect(server.requests.filter { $0.method == "GET" }.count == 1)
  }

  /// The stream cannot be prolonged before it has announced its id.
  @Test func aTokenThatChangesWhileTheStreamIsMadeProlongsItThen() async throws {
    let prolonged = Signal()
    let made = Mutex<PupRestClient?>(nil)
    let server = try ScriptedServer { request, connection in
      if request.method == "POST" {
        connection.answer(#"{"data":null}"#)
        return prolonged.give()
      }
      made.withLock { $0 }?.refreshApiToken("fresh")
      connection.beginEvents()
      connection.chunk("event: stream\ndata: {\"id\":\"s7\"}\n\n")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address, token: "old")
    made.withLock { $0 = client }
    defer {
      client.close()
      made.withLock { $0 = nil }
    }
    let events = client.events()
    await prolonged.wait()
    #expect(server.requests.map(\.target) == ["/events", "/events/s7/auth"])
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer old", "Bearer fresh"])
    withExtendedLifetime(events) {}
  }

  @Test func aStreamThatCannotBeProlongedIsMadeAnew() async throws {
    let again = Signal()
    let server = try ScriptedServer { request, connection in
      if request.method == "POST" { return connection.answer(404, #"{"error":"no such stream"}"#) }
      connection.beginEvents()
      connection.chunk("event: stream\ndata: {\"id\":\"s7\"}\n\n")
      connection.chunk(EventFeed(1...1).after(nil)?.map(\.text).joined() ?? "")
      if request.headers["authorization"] == "Bearer fresh" { again.give() }
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address, token: "old")
    defer { client.close() }
    for await event in client.events() where event.feedNumber == 1 { break }
    client.refreshApiToken("fresh")
    await again.wait()
    #expect(server.requests.last?.headers["last-event-id"] == "e1-1")
  }

  /// With the default delays: the fresh token does not wait for them.
  @Test(arguments: [true, false]) func anExpiredStreamGoesOnWithAFreshToken(atConnect: Bool) async throws {
    let server = try ScriptedServer { request, connection in
      let isFresh = request.headers["authorization"] == "Bearer fresh"
      if atConnect, !isFresh {
        return connection.answer(401, #"{"error":"Invalid/expired token"}"#)
      }
      connection.beginEvents()
      guard isFresh else {
        connection.chunk("event: expired\ndata: {}\n\n")
        return connection.close()
      }
      connection.chunk(EventFeed(1...1).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address, token: "old") { options in
      (options.reconnectDelay, options.longestReconnectDelay) = (.seconds(600), .seconds(600))
    }
    defer { client.close() }
    var codes: [PupErrorCode] = []
    for await event in client.events() {
      if case .disconnected(let error) = event {
        codes.append(error.code)
        client.refreshApiToken("fresh")
      }
      if event.feedNumber == 1 { break }
    }
    #expect(codes == [.unauthorized])
  }

  /// Between the refusal of the old token and the pause that follows: the worst moment for a fresh one.
  @Test func aTokenThatComesRightBeforeThePauseIsNotWaitedWith() async throws {
    let server = try ScriptedServer { request, connection in
      guard request.headers["authorization"] == "Bearer fresh" else {
        return connection.answer(401, #"{"error":"Invalid/expired token"}"#)
      }
      connection.beginEvents()
      connection.chunk(EventFeed(1...1).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    var options = Samples.options
    (options.reconnectDelay, options.longestReconnectDelay) = (.seconds(600), .seconds(600))
    let (box, looks) = (TokenBox("old"), Counter())
    let made = Mutex<EventStream?>(nil)
    let engine = TransferEngine()
    let stream = EventStream(engine: engine, endpoint: try Endpoint(server.address, environment: [:]), options: options) {
      let token = box.current
      // The second look is the one after the refusal: it still sees the old token, and the fresh one arrives right after it.
      if looks.next() == 1 {
        box.replace("fresh")
        made.withLock { $0 }?.tokenChanged()
      }
      return token
    }
    made.withLock { $0 = stream }
    defer {
      stream.close()
      engine.stop()
    }
    let (_, queue) = stream.subscribe(nil)
    while let event = await queue.next(), event.feedNumber != 1 {}
    #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer old", "Bearer fresh"])
  }

  @Test func callsUseTheFreshToken() async throws {
    let server = try ScriptedServer { request, connection in
      connection.answer(request.headers["authorization"] == "Bearer fresh" ? 200 : 401, #"{"data":[],"error":"Invalid token"}"#)
    }
    let client = try Samples.client(server.address, token: "old")
    defer { client.close() }
    await #expect(throws: PupError(.unauthorized, "Invalid token")) { try await client.getLogs() }
    client.refreshApiToken("fresh")
    #expect(try await client.getLogs().isEmpty)
    #expect(server.requests.count == 2)
  }
}
