import PupAPI
import PupTokens
import PupWeb
import Synchronization
import Testing

@Suite("Routes", .timeLimit(.minutes(5))) struct RouteTests {
  struct Call: Sendable, CustomTestStringConvertible {
    var method: String
    var path: String
    var status: Int
    var scopes: [TokenScope]
    var wrong: [TokenScope]
    var body: String?
    var testDescription: String { "\(method) \(path)" }
  }

  static let telemetry = #"{"sender":"web","memory":{"external":1,"heapTotal":2,"heapUsed":3,"rss":4},"sent":"x","cwd":"/"}"#
  static let everythingBut: [TokenScope] = [.read, .logs, .log, .control, .telemetry, .ipc, .plugins]

  static func without(_ scopes: TokenScope...) -> [TokenScope] { everythingBut.filter { !scopes.contains($0) } }

  static let calls: [Call] = [
    Call(method: "GET", path: "/processes", status: 200, scopes: [.read], wrong: without(.read)),
    Call(method: "HEAD", path: "/processes", status: 200, scopes: [.read], wrong: without(.read)),
    Call(method: "GET", path: "/processes/web", status: 200, scopes: [.read], wrong: without(.read)),
    Call(method: "GET", path: "/processes/WEB/history", status: 200, scopes: [.read], wrong: without(.read)),
    Call(method: "GET", path: "/processes/web/logs?nRows=5", status: 200, scopes: [.logs], wrong: without(.logs)),
    Call(method: "GET", path: "/state", status: 200, scopes: [.read], wrong: without(.read)),
    Call(method: "GET", path: "/logs", status: 200, scopes: [.logs], wrong: without(.logs)),
    Call(method: "GET", path: "/metrics", status: 200, scopes: [.read], wrong: without(.read)),
    Call(method: "POST", path: "/processes/web/start", status: 200, scopes: [.control], wrong: without(.control)),
    Call(method: "POST", path: "/processes/all/stop", status: 200, scopes: [.control], wrong: without(.control)),
    Call(
      method: "POST", path: "/processes/web/restart?wait=3", status: 200, scopes: [.controlOf(glob: "we*")],
      wrong: [.controlOf(glob: "x*")]),
    Call(
      method: "POST", path: "/processes/all/block", status: 200, scopes: [.controlOf(glob: "*")],
      wrong: [.controlOf(glob: "a*")]),
    // "all" in any writing is more than a glob that only matches its letters.
    Call(
      method: "POST", path: "/processes/ALL/stop", status: 200, scopes: [.control],
      wrong: [.controlOf(glob: "a*"), .controlOf(glob: "???")]),
    Call(
      method: "POST", path: "/processes/%41ll/restart", status: 200, scopes: [.control], wrong: [.controlOf(glob: "all")]),
    Call(method: "POST", path: "/processes/blocked/unblock", status: 200, scopes: [.control], wrong: without(.control)),
    Call(method: "POST", path: "/telemetry", status: 200, scopes: [.telemetry], wrong: without(.telemetry), body: telemetry),
    Call(
      method: "POST", path: "/ipc", status: 200, scopes: [.ipc], wrong: without(.ipc),
      body: #"{"target":"a","event":"e","eventData":0}"#),
    Call(
      method: "POST", path: "/log", status: 201, scopes: [.log], wrong: without(.log),
      body: #"{"severity":"INFO","plugin":"p","message":"m"}"#),
    Call(method: "POST", path: "/terminate", status: 200, scopes: [.admin], wrong: everythingBut),
    Call(method: "POST", path: "/reload", status: 501, scopes: [.admin], wrong: everythingBut),
    Call(method: "POST", path: "/events/none/auth", status: 404, scopes: [.read], wrong: without(.read, .logs, .ipc)),
    Call(method: "GET", path: "/wss", status: 426, scopes: [.read], wrong: without(.read, .logs, .ipc)),
    Call(method: "GET", path: "/tokens", status: 200, scopes: [.admin], wrong: everythingBut),
    Call(
      method: "POST", path: "/tokens", status: 201, scopes: [.admin], wrong: everythingBut,
      body: #"{"consumer":"panel","scopes":["read","control:web-*"],"expiresIn":60}"#),
    Call(
      method: "POST", path: "/tokens/revoke", status: 200, scopes: [.admin], wrong: everythingBut, body: #"{"consumer":"panel"}"#),
    Call(
      method: "POST", path: "/tokens/reinstate", status: 200, scopes: [.admin], wrong: everythingBut,
      body: #"{"consumer":"panel"}"#),
    Call(method: "POST", path: "/tokens/rotate-secret", status: 200, scopes: [.admin], wrong: everythingBut),
    Call(method: "HEAD", path: "/events", status: 200, scopes: [.read], wrong: without(.read, .logs, .ipc)),
  ]

  @Test("answers whom it knows and refuses the others", arguments: calls)
  func authorization(_ call: Call) throws {
    let server = try TestServer()
    defer { server.stop() }
    func status(_ token: String?, _ headers: [String] = []) throws -> (Int, String?) {
      let response = try server.request(call.method, call.path, token: token, headers: headers, body: call.body)
      #expect(response.headers["x-request-id"]?.isEmpty == false)
      return (response.status, call.method == "HEAD" ? nil : response.error)
    }
    func expect(_ found: (Int, String?), _ status: Int, _ text: String) {
      #expect(found.0 == status)
      if call.method != "HEAD" { #expect(found.1 == text) }
    }
    expect(try status(nil), 401, "Authorization header required")
    expect(try status(nil, ["Authorization: Basic eA=="]), 401, "Invalid authorization format")
    expect(try status("nonsense"), 401, "Invalid token")
    expect(try status(server.token(expires: -61)), 401, "Invalid/expired token")
    expect(try status(server.token("")), 401, "Token missing consumer")
    expect(try status(server.token("revoked")), 401, "Revoked token")
    expect(try status(server.token(id: "dead")), 401, "Revoked token")
    #expect(try status(server.token(scopes: call.wrong)).0 == 403)
    #expect(try status(server.token(scopes: [])).0 == 403)
    #expect(try status(server.token(scopes: call.scopes)).0 == call.status)
    #expect(try status(server.token()).0 == call.status)
    // A clock that is a minute behind is forgiven.
    #expect(try status(server.token(expires: -59)).0 == call.status)
  }

  @Test("every route of the table is called by the table above") func completeness() throws {
    let server = try TestServer()
    defer { server.stop() }
    let document = try server.request("GET", "/openapi.json").json
    let paths = document?["paths"]?.objectValue?.members.map(\.name) ?? []
    #expect(paths.count > 15)
    let open = ["/healthz", "/readyz", "/openapi.json"]
    for path in paths where !open.contains(path) {
      let shape = path.split(separator: "/").map { $0.hasPrefix("{") ? "*" : String($0) }
      let isCalled = Self.calls.contains { call in
        let parts = call.path.prefix { $0 != "?" }.split(separator: "/").map(String.init)
        return parts.count == shape.count && zip(parts, shape).allSatisfy { $1 == "*" || $0 == $1 }
      }
      #expect(isCalled, "\(path)")
    }
  }

  @Test("what needs no token", arguments: ["/healthz", "/readyz", "/openapi.json"]) func open(_ path: String) throws {
    let server = try TestServer()
    defer { server.stop() }
    let response = try server.request("GET", path)
    #expect(response.status == 200)
    #expect(response.json != nil)
    server.backend.content.withLock { $0.isReady = false }
    #expect(try server.request("GET", "/readyz").status == 503)
  }

  @Test(
    "errors have a status, a text and a code",
    arguments: [
      ("GET", "/nothing", 404, "not_found"), ("GET", "/state//", 404, "not_found"),
      ("GET", "/processes/nobody", 404, "unknown_process"), ("POST", "/processes/nobody/start", 404, "unknown_process"),
      ("POST", "/processes/blocked/start", 409, "refused"), ("DELETE", "/processes", 405, "method_not_allowed"),
      ("GET", "/logs?nRows=many", 400, "invalid_parameter"), ("GET", "/logs?severity=loud", 400, "invalid_parameter"),
      ("GET", "/logs?nRows=1.", 400, "invalid_parameter"), ("GET", "/events?types=log,nothing", 400, "invalid_parameter"),
      ("POST", "/processes/web/start?wait=-1", 400, "invalid_parameter"),
    ])
  func errors(_ method: String, _ path: String, _ status: Int, _ code: String) throws {
    let server = try TestServer()
    defer { server.stop() }
    let response = try server.request(method, path, token: server.token())
    #expect(response.status == status)
    #expect(response.code == code)
    #expect(response.error?.isEmpty == false)
    if status == 405 { #expect(response.headers["allow"] == "GET, HEAD") }
  }

  @Test("HEAD of a stream says what GET would, without a length") func headOfStream() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    for _ in 0..<2 {
      try client.send("HEAD /events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\n\r\n")
      let answer = try client.response(isHead: true)
      #expect(answer.status == 200 && answer.headers["content-type"] == "text/event-stream; charset=utf-8")
      #expect(answer.headers["content-length"] == nil && answer.headers["transfer-encoding"] == "chunked")
    }
    try client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try client.response().status == 200)
  }

  @Test(
    "bodies are checked",
    arguments: [
      ("/log", "{", 400), ("/log", "[]", 400), ("/log", #"{"severity":"info","plugin":"p"}"#, 400),
      ("/log", #"{"severity":"loud","plugin":"p","message":"m"}"#, 400), ("/ipc", #"{"target":1,"event":"e"}"#, 400),
      ("/telemetry", #"{"sender":"web"}"#, 400), ("/ipc", #"{"target":"t","event":"e","event":"e"}"#, 400),
    ])
  func bodies(_ path: String, _ body: String, _ status: Int) throws {
    let server = try TestServer()
    defer { server.stop() }
    let response = try server.request("POST", path, token: server.token(), body: body)
    #expect(response.status == status)
    #expect(response.code == "invalid_body")
    let wrongType = try server.request("POST", path, token: server.token(), headers: ["Content-Type: text/plain"], body: body)
    #expect(wrongType.status == 415)
  }

  @Test("falsy event data, upper-case severities and senders are taken as the contract says") func contract() throws {
    let server = try TestServer()
    defer { server.stop() }
    for data in ["0", "false", "\"\"", "null"] {
      let body = #"{"sender":"forged","target":"a","event":"e","eventData":\#(data)}"#
      #expect(try server.request("POST", "/ipc", token: server.token("telemetry-web", scopes: [.ipc]), body: body).status == 200)
    }
    let log = #"{"severity":"ERROR","plugin":"p","message":"m"}"#
    #expect(try server.request("POST", "/log", token: server.token(), body: log).status == 201)
    let forged = Self.telemetry.replacing("\"web\"", with: "\"other\"")
    _ = try server.request("POST", "/telemetry", token: server.token("telemetry-web", scopes: [.telemetry]), body: forged)
    let content = server.backend.content.withLock { ($0.messages, $0.submissions, $0.telemetry) }
    #expect(content.0.map(\.sender) == Array(repeating: "telemetry-web", count: 4))
    #expect(content.0.map(\.eventData) == [.integer(0), .bool(false), .string(""), .null])
    #expect(content.1.map(\.severity) == [.error])
    #expect(content.2.map(\.sender) == ["web"])
  }

  @Test("GET /logs gives at most 100 lines, /processes/{id}/logs more") func rows() throws {
    let server = try TestServer()
    defer { server.stop() }
    func count(_ path: String) throws -> Int? {
      try server.request("GET", path, token: server.token()).json?["data"]?.arrayValue?.count
    }
    #expect(try count("/logs") == 100)
    #expect(try count("/logs?nRows=250") == 100)
    #expect(try count("/logs?nRows=3") == 3)
    #expect(try count("/processes/web/logs?nRows=250") == 250)
  }
}
