import PupAPI
import PupEvents
import PupTokens
import PupWeb
import Testing

@Suite("GET /wss", .timeLimit(.minutes(5))) struct WebSocketTests {
  /// A client made from RFC 6455.
  struct Socket {
    let client: RawClient

    init(_ server: TestServer, token: String, isLocal: Bool = false) throws {
      client = isLocal ? try RawClient(path: server.socketPath) : try server.connect()
      try client.send(
        "GET /wss HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer \(token)\r\n\r\n")
      let head = try client.head()
      guard head.status == 101, head.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" else {
        throw RawClient.Failure(text: "status \(head.status)")
      }
    }

    func send(_ opcode: UInt8, _ payload: [UInt8], masked: Bool = true) throws {
      var frame: [UInt8] = [0x80 | opcode]
      let mask: [UInt8] = masked ? [1, 2, 3, 4] : []
      if payload.count < 126 {
        frame.append((masked ? 0x80 : 0) | UInt8(payload.count))
      } else {
        frame += [(masked ? 0x80 : 0) | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
      }
      frame += mask
      frame += payload.enumerated().map { masked ? $0.element ^ mask[$0.offset % 4] : $0.element }
      try client.send(frame)
    }

    func next() throws -> (opcode: UInt8, payload: [UInt8]) {
      let head = try client.read(2)
      var count = Int(head[1])
      if count == 126 {
        let size = try client.read(2)
        count = Int(size[0]) << 8 | Int(size[1])
      }
      return (head[0] & 15, try client.read(count))
    }

    /// The next message; pings are passed over.
    func text() throws -> String {
      while true {
        let frame = try next()
        if frame.opcode == 1 { return String(decoding: frame.payload, as: UTF8.self) }
        guard frame.opcode == 9 else { throw RawClient.Failure(text: "opcode \(frame.opcode)") }
      }
    }
  }

  private func publish(_ server: TestServer, _ number: Int) {
    server.events.publish(.ipc(IPCMessage(sender: "a", target: "b", event: "\(number)", eventData: nil)))
  }

  @Test("sends the original's frames", arguments: [false, true]) func frames(_ isLocal: Bool) throws {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try Socket(server, token: server.token(), isLocal: isLocal)
    defer { socket.client.close() }
    try socket.send(9, Array("hi".utf8))
    let pong = try socket.next()
    #expect(pong.opcode == 10)
    #expect(pong.payload == Array("hi".utf8))
    publish(server, 1)
    #expect(try socket.text() == #"{"t":"ipc","d":{"sender":"a","target":"b","event":"1"}}"#)
    server.events.publish(
      .applicationState(ApplicationState(pid: 1, version: "v", started: .init(milliseconds: 0), updated: .init(milliseconds: 0))))
    #expect(try socket.text().hasPrefix(#"{"t":"application_state","d":{"pid":1,"#))
    for number in 0..<5000 { publish(server, number) }
    for number in 0..<5000 { #expect(try socket.text().contains("\"event\":\"\(number)\"")) }
  }

  @Test("needs a token that may read") func refused() throws {
    let server = try TestServer()
    defer { server.stop() }
    let upgrade = [
      "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
    ]
    #expect(try server.request("GET", "/wss", headers: upgrade).status == 401)
    #expect(try server.request("GET", "/wss", token: server.token(scopes: [.log]), headers: upgrade).status == 403)
    let old = upgrade.map { $0.replacing("Version: 13", with: "Version: 8") }
    #expect(try server.request("GET", "/wss", token: server.token(), headers: old).status == 426)
    let noKey = upgrade.filter { !$0.hasPrefix("Sec-WebSocket-Key") }
    #expect(try server.request("GET", "/wss", token: server.token(), headers: noKey).status == 400)
    let badKey = upgrade.map { $0.replacing("dGhlI", with: "dGhl!") }
    #expect(try server.request("GET", "/wss", token: server.token(), headers: badKey).status == 400)
  }

  @Test("is prolonged in place, and closed with 4401 when its token ends") func expiry() throws {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try Socket(server, token: server.token(expires: 10))
    defer { socket.client.close() }
    try socket.send(1, Array(#"{"t":"auth","d":{"token":"bad"}}"#.utf8))
    #expect(try socket.text() == #"{"t":"auth","d":{"success":false,"error":"Invalid token"}}"#)
    try socket.send(1, Array(#"{"t":"auth","d":{"token":"\#(server.token(expires: 200))"}}"#.utf8))
    #expect(try socket.text() == #"{"t":"auth","d":{"success":true}}"#)
    server.clock.advance(100)
    publish(server, 1)
    #expect(try socket.text().contains("\"event\":\"1\""))
    server.clock.advance(200)
    let close = try socket.next()
    #expect(close.opcode == 8)
    #expect(Array(close.payload.prefix(2)) == [4401 >> 8, 4401 & 255])
    try socket.send(8, Array(close.payload.prefix(2)))
    #expect(try socket.client.readToEnd() == "")
  }

  @Test(
    "ends at what is no WebSocket frame",
    arguments: [
      [0xFF, 0x85, 0, 0, 0, 0, 1, 2, 3, 4, 5], [0x81, 0x02, 0x61, 0x62], [0x83, 0x80, 0, 0, 0, 0],
      [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 1], [0x81, 0x81, 0, 0, 0, 0, 0xFF],
    ] as [[UInt8]])
  func garbage(_ bytes: [UInt8]) throws {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try Socket(server, token: server.token())
    defer { socket.client.close() }
    try socket.client.send(bytes)
    // A close frame may come first.
    _ = try socket.client.readToEnd()
    #expect(try server.request("GET", "/healthz").status == 200)
  }

  /// The head of a frame alone; a frame without its end; a message without its last fragment, with a whole ping behind it.
  @Test(
    "a message that is not finished has a deadline",
    arguments: [[0x81], [0x81, 0x85, 1, 2, 3, 4, 5], [0x01, 0x81, 0, 0, 0, 0, 65, 0x89, 0x80, 0, 0, 0, 0]] as [[UInt8]])
  func unfinished(_ bytes: [UInt8]) throws {
    let server = try TestServer { $0.limits.bodySeconds = 1 }
    defer { server.stop() }
    let socket = try Socket(server, token: server.token())
    defer { socket.client.close() }
    // A whole one is none.
    try socket.send(9, [])
    #expect(try socket.next().opcode == 10)
    try socket.client.send(bytes)
    var frame = try socket.next()
    while frame.opcode != 8 { frame = try socket.next() }
    #expect(Array(frame.payload.prefix(2)) == [1008 >> 8, 1008 & 255])
    #expect(String(decoding: frame.payload.dropFirst(2), as: UTF8.self).contains("not finished within 1 s"))
  }

  @Test("a client that asks and takes no answer is not listened to any more") func deaf() throws {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try Socket(server, token: server.token())
    defer { socket.client.close() }
    let ping: [UInt8] = [0x89, 0x84, 0, 0, 0, 0, 1, 2, 3, 4]
    let pings = Array((0..<1000).map { _ in ping }.joined())
    #expect(socket.client.flood(pings, limit: 64 << 20) < 64 << 20)
    #expect(try server.request("GET", "/healthz").status == 200)
  }

  @Test("a client that keeps trying tokens is closed") func guesses() throws {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try Socket(server, token: server.token())
    defer { socket.client.close() }
    for _ in 0..<10 {
      try socket.send(1, Array(#"{"t":"auth","d":{"token":"bad"}}"#.utf8))
      #expect(try socket.text().contains("\"success\":false"))
    }
    try socket.send(1, Array(#"{"t":"auth","d":{"token":"bad"}}"#.utf8))
    let close = try socket.next()
    #expect(close.opcode == 8)
    #expect(Array(close.payload.prefix(2)) == [4401 >> 8, 4401 & 255])
  }

  @Test("a client that just goes is forgotten") func gone() throws {
    let server = try TestServer()
    defer { server.stop() }
    try Socket(server, token: server.token()).client.close()
    var isGone = false
    for _ in 0..<100_000 where !isGone {
      isGone = try server.request("GET", "/metrics", token: server.token()).body.contains("{kind=\"websocket\"} 0")
    }
    #expect(isGone)
  }
}
