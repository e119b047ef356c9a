import Glibc
import PupAPI
import PupEvents
import PupTokens
import Synchronization
import Testing

@testable import PupWeb

@Suite("Another way than HTTP", .timeLimit(.minutes(5))) struct ChannelTests {
  /// A request over HTTP, as what it is without HTTP.
  private struct Translated {
    let name: String
    var parameters: [String: String]

    init(_ call: RouteTests.Call, _ router: Router) throws {
      var headers = HTTPHeaders()
      headers.append("Host", "localhost")
      let head = RequestHead(method: call.method, target: call.path, version: "HTTP/1.1", headers: headers, headerBytes: 0)
      let request = try head.request(id: "", isLocal: false, limits: WebLimits())
      let match = try router.match(method: request.method, segments: request.segments)
      name = match.route.operation.name
      parameters = match.parameters
      for field in request.query { parameters[field.name] = field.value }
    }
  }

  static let open = ["/healthz", "/readyz", "/openapi.json", "/events"].map {
    RouteTests.Call(method: "GET", path: $0, status: 200, scopes: [], wrong: [])
  }

  /// Who may be there.
  private static func tokens(_ server: TestServer) -> [(who: String, token: String?)] {
    let scopes =
      TokenScope.words.compactMap { TokenScope(text: $0) } + ["we*", "*", "x", "a*", "all"].map { .controlOf(glob: $0) }
    return scopes.map { ("scope \($0.text)", server.token(scopes: [$0])) } + [
      ("everything", server.token()), ("nothing", server.token(scopes: [])), ("nobody", nil), ("nonsense", "nonsense"),
      ("a token that has ended", server.token(expires: -61)), ("a consumer that is revoked", server.token("revoked")),
      ("a token that is revoked", server.token(id: "dead")), ("a token without a consumer", server.token("")),
      ("a program", server.token("telemetry-web", scopes: TokenScope.ofPrograms)),
    ]
  }

  @Test("whoever may call an operation over HTTP may call it by a channel, and nobody else", arguments: RouteTests.calls + open)
  func same(_ call: RouteTests.Call) throws {
    let server = try TestServer()
    defer { server.stop() }
    let channel = MemoryChannel(server: server)
    let translated = try Translated(call, server.server.service.router)
    for (who, token) in Self.tokens(server) {
      let http = try server.request(call.method, call.path, token: token, body: call.body)
      let other = channel.call(translated.name, translated.parameters, token: token, body: call.body)
      #expect(other.status == http.status, "\(who)")
      guard call.method != "HEAD" else { continue }
      switch other {
      case .failure(let error):
        #expect(error.message == http.error, "\(who)")
        #expect(error.code.rawValue == http.code, "\(who)")
      case .content(let content):
        // Their numbers go on.
        if call.path != "/metrics" { #expect(String(decoding: content.bytes, as: UTF8.self) == http.body, "\(who)") }
        #expect(http.headers["content-type"] == content.type)
      case .stream(let source): #expect(http.headers["content-type"] == source.type)
      case .upgrade: Issue.record("\(who)")
      }
    }
    // What was done was done twice, for the same consumers.
    let content = server.backend.content.withLock { $0 }
    for done in [content.actions, content.messages.map { "\($0)" }, content.submissions.map { "\($0)" }] + [
      content.telemetry.map { "\($0)" }
    ] {
      for (action, times) in Dictionary(grouping: done, by: { $0 }) { #expect(times.count.isMultiple(of: 2), "\(action)") }
    }
  }

  @Test("every operation is in the table above") func completeness() throws {
    let router = Router(RouteTable.groups)
    let called = try Set((RouteTests.calls + Self.open).map { try Translated($0, router).name })
    let all = Set(RouteTable.all.map(\.operation.name))
    // All actions on processes are made by one function.
    #expect(all.subtracting(called).isEmpty)
  }

  @Test("what is missing or unknown is refused, and nothing is done") func refused() throws {
    let server = try TestServer()
    defer { server.stop() }
    let channel = MemoryChannel(server: server)
    func code(
      _ name: String, _ parameters: [String: String], _ scopes: [TokenScope]? = nil, _ body: String? = nil
    ) -> PupErrorCode? {
      let answer = channel.call(name, parameters, token: server.token(scopes: scopes), body: body)
      if case .failure(let error) = answer { return error.code }
      return nil
    }
    #expect(code("nothing", [:]) == .notFound)
    #expect(code("stopProcess", [:]) == .invalidParameter)
    #expect(code("stopProcess", ["id": ""]) == .invalidParameter)
    #expect(code("stopProcess", [:], [.controlOf(glob: "*")]) == .forbidden)
    #expect(code("stopProcess", ["id": "we b"]) == .unknownProcess)
    #expect(code("stopProcess", ["id": "web", "wait": "-1"]) == .invalidParameter)
    #expect(code("readEvents", ["types": "nothing"]) == .invalidParameter)
    #expect(code("writeLog", [:], nil, "{") == .invalidBody)
    let content = server.backend.content.withLock { $0 }
    #expect(content.actions.isEmpty && content.submissions.isEmpty)
  }

  @Test("a caller who was let in before is refused once the token is revoked") func revoked() throws {
    let server = try TestServer()
    defer { server.stop() }
    let channel = MemoryChannel(server: server)
    let principal = try server.authorizer.authenticate(token: server.token())
    func status() -> Int { channel.perform("getState", MemoryCall(server.server.service.services, by: principal)).status }
    #expect(status() == 200)
    server.authorizer.setRevoked(consumers: ["tester"])
    #expect(status() == 401)
  }

  @Test("events come by a channel as they come over HTTP, and only those that the caller may see") func events() throws {
    let server = try TestServer()
    defer { server.stop() }
    let service = server.server.service
    let call = MemoryCall(service.services, token: server.token(scopes: [.ipc]))
    let text = Mutex("")
    let wakes = Mutex(0)
    try server.onLoop { _ in
      service.serve(call, of: "readEvents")
      guard case .stream(let source)? = call.received.first else { return }
      source.begin { wakes.withLock { $0 += 1 } }
      while let bytes = source.next() { text.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }
    }
    server.events.publish(.terminating(milliseconds: 5))
    server.events.publish(.ipc(IPCMessage(sender: "a", target: "b", event: "hello", eventData: nil)))
    while wakes.withLock({ $0 }) == 0 { sched_yield() }
    try server.onLoop { _ in
      guard case .stream(let source)? = call.received.first else { return }
      while let bytes = source.next() { text.withLock { $0 += String(decoding: bytes, as: UTF8.self) } }
      source.closed()
    }
    let events = text.withLock { $0 }.split(separator: "\n").filter { $0.hasPrefix("event: ") }
    #expect(events == ["event: stream", "event: ipc"])
    #expect(service.services.streams.counts.events == 0)
  }

  @Test("a handshake by a channel is answered with what only HTTP can carry out") func upgrade() throws {
    let server = try TestServer()
    defer { server.stop() }
    let handshake = [
      "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ]
    let answer = MemoryChannel(server: server).call("openWebSocket", handshake, token: server.token())
    #expect(answer.status == 101)
    guard case .upgrade(let upgrade) = answer else { return #expect(Bool(false)) }
    #expect(upgrade.headers.map(\.value) == ["websocket", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="])
    #expect(try server.request("GET", "/metrics", token: server.token()).body.contains("{kind=\"websocket\"} 0\n"))
  }
}
