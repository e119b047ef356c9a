import PupAPI
import PupEvents
import PupTokens
import PupWeb
import Testing

/// A client that renews its token on its requests, and never tells its streams: what the original's plugins do every five
/// minutes.
@Suite("Streams and newer tokens", .timeLimit(.minutes(5))) struct StreamTokenTests {
  private func publish(_ server: TestServer, _ number: Int) {
    server.events.publish(.ipc(IPCMessage(sender: "a", target: "b", event: "\(number)", eventData: nil)))
  }

  private func isClosed(_ socket: WebSocketTests.Socket) throws -> Bool {
    let close = try socket.next()
    let code = close.payload.prefix(2).reduce(0) { $0 << 8 | Int($1) }
    return close.opcode == 8 && code == 4401
  }

  @Test(
    "a newer token on any request prolongs the streams of its consumer, up to its own end",
    arguments: ["GET /processes", "POST /log", "GET /wss", "POST /processes/none/start"]) func prolonged(_ request: String) throws
  {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try WebSocketTests.Socket(server, token: server.token(expires: 10))
    defer { socket.client.close() }
    let stream = try EventReader(server, "/events", token: server.token(expires: 10))
    defer { stream.client.close() }
    let stranger = try WebSocketTests.Socket(server, token: server.token("stranger", expires: 10))
    defer { stranger.client.close() }
    _ = try stream.next()
    let words = request.split(separator: " ").map(String.init)
    let body = words[1] == "/log" ? #"{"severity":"info","plugin":"p","message":"m"}"# : nil
    _ = try server.request(words[0], words[1], token: server.token(expires: 200), body: body)
    server.clock.advance(150)
    publish(server, 1)
    #expect(try socket.text().contains(#""event":"1""#))
    #expect(try stream.next()?.id == "e1-1")
    #expect(try stranger.text().contains(#""event":"1""#))
    #expect(try isClosed(stranger), "another consumer's token does not count")
    server.clock.advance(150)
    #expect(try isClosed(socket), "not beyond the end of the newer token")
    #expect(try stream.next() == .init(id: nil, name: "expired", data: #"{"reason":"expired"}"#))
  }

  @Test("a newer token never widens what a stream shows, and one that allows less does not prolong it") func scopes() throws {
    let server = try TestServer()
    defer { server.stop() }
    let narrow = try EventReader(server, "/events", token: server.token(scopes: [.ipc], expires: 10))
    defer { narrow.client.close() }
    let wide = try EventReader(server, "/events", token: server.token(scopes: [.read, .ipc], expires: 10))
    defer { wide.client.close() }
    _ = (try narrow.next(), try wide.next())
    #expect(
      try server.request("POST", "/events/none/auth", token: server.token(scopes: [.ipc, .logs], expires: 200)).status == 404)
    server.clock.advance(100)
    #expect(try wide.next()?.name == "expired")
    server.events.publish(
      .log(LogItem(severity: .info, category: "x", text: "y", processId: "core", timeStamp: 1)))
    publish(server, 1)
    #expect(try narrow.next()?.name == "ipc")
  }

  @Test(
    "the revocation of the first token, of the newer one or of the consumer ends it", arguments: ["first", "second", "consumer"])
  func revoked(_ what: String) throws {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try WebSocketTests.Socket(server, token: server.token(id: "first", expires: 10))
    defer { socket.client.close() }
    _ = try server.request("GET", "/state", token: server.token(id: "second", expires: 500))
    server.clock.advance(200)
    publish(server, 1)
    #expect(try socket.text().contains(#""event":"1""#))
    server.authorizer.setRevoked(consumers: what == "consumer" ? ["tester"] : [], tokenIDs: [what])
    #expect(try isClosed(socket))
  }
}
