import Glibc
import PupAPI
import PupSystem
import PupTokens
import PupWeb
import Synchronization
import Testing

@Suite("Hostile requests", .timeLimit(.minutes(5))) struct HardeningTests {
  static let token = "Authorization: Bearer x\r\n"

  @Test(
    "requests whose end or meaning is not sure are 400, and the connection ends",
    arguments: [
      "GET /healthz HTTP/1.1\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: +4\r\n\r\nabcd",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: -4\r\n\r\nabcd",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x4\r\n\r\nabcd",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /heal\0thz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz?a=\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz?a=%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nbad header: x\r\n\r\n",
      "GET /heal thz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET  /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "G\0ET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0\0b\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nX: a\0\0b\r\nHost: localhost\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\0 1\r\nX: y\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n 30\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n",
      "POST /log HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n",
      "GET /healthz HTTP/1.1\nHost: localhost\n\n",
      "GET /healthz HTTP/1.1\nHost: localhost\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: y\rZ: w\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: \u{1}\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n: v\r\n\r\n",
      "POST /log HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
  func refused(_ request: String) throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    try client.send(request)
    let text = try client.readToEnd()
    #expect(text.hasPrefix("HTTP/1.1 400 "), "\(text.prefix(80))")
    #expect(!text.contains("\nHTTP/1."), "one answer only")
  }

  @Test(
    "heads that are a little unusual are fine",
    arguments: [
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "\r\nGET /healthz HTTP/1.1\r\nHost:localhost\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: \t localhost\r\nX:\r\n\r\n",
      "GET /healthz HTTP/1.0\r\nX: \r\nHost: localhost\r\nX: a:b \r\n\r\n",
      "GET /healthz HTTP/1.0\r\n\r\n", "GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "GET /healthz?a&b=&=c&%41=1+1 HTTP/1.1\r\nHost: localhost\r\nCookie: a=b; c\r\n\r\n",
      "GET http://localhost/healthz HTTP/1.1\r\nHost: elsewhere\r\nX: \u{fc}\r\n\r\n",
    ])
  func unusual(_ request: String) throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    // Whole, and a byte at a time.
    try client.send(request)
    #expect(try client.response().status == 200)
    let slow = try server.connect()
    defer { slow.close() }
    for byte in request.utf8 { try slow.send([byte]) }
    #expect(try slow.response().status == 200)
  }

  @Test("a request for another server's name is refused, wherever the name stands") func absoluteForm() throws {
    let server = try TestServer()
    defer { server.stop() }
    for target in ["http://evil.example/healthz", "http://evil.example?/healthz", "http://localhost@evil.example/healthz"] {
      #expect(try server.request("GET", target).status == 403)
    }
    for head in [
      "GET http://evil.example/healthz HTTP/1.0", "GET /healthz HTTP/1.0\r\nHost:", "GET /healthz HTTP/1.0\r\nHost: evil.example",
    ] {
      let client = try server.connect()
      defer { client.close() }
      try client.send(head + "\r\n\r\n")
      #expect(try client.response().status == 403, "\(head)")
    }
  }

  @Test("any number of parameters is answered") func manyParameters() throws {
    let server = try TestServer()
    defer { server.stop() }
    let parameters = (0..<900).map { "p\($0)=1" }.joined(separator: "&")
    #expect(try server.request("GET", "/healthz?\(parameters)").status == 400)
    #expect(try server.request("GET", "/healthz?" + String(repeating: "&", count: 8000)).status == 200)
  }

  @Test("oversized input is refused with its own status") func sizes() throws {
    let server = try TestServer()
    defer { server.stop() }
    let path = "/" + String(repeating: "a", count: 9000)
    #expect(try server.request("GET", path).status == 414)
    let header = "X-Long: " + String(repeating: "b", count: 17_000)
    #expect(try server.request("GET", "/healthz", headers: [header]).status == 431)
    let body = "\"" + String(repeating: "c", count: 300_000) + "\""
    #expect(try server.request("POST", "/log", token: server.token(), body: body).status == 413)
  }

  @Test("a chunked body that is too large is refused at its end") func chunked() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    try client.send(
      "POST /log HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n")
    let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
    for _ in 0..<6 { try client.send(chunk) }
    try client.send("0\r\n\r\n")
    #expect(try client.response().status == 413)
  }

  @Test("a chunked body that fits is read") func chunkedBody() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    let body = #"{"severity":"info","plugin":"p","message":"m"}"#
    try client.send(
      "POST /log HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n0\r\n\r\n")
    #expect(try client.response().status == 201)
    try client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try client.response().status == 200, "the connection goes on")
  }

  @Test(
    "names that are not this server's are refused on TCP",
    arguments: [
      ("evil.example", nil, 403), ("localhost:1", nil, 200), ("127.0.0.1:80", nil, 200), ("[::1]:80", nil, 200),
      ("pup.example", nil, 200), ("PUP.example:443", nil, 200), ("127.0.0.1.evil.example", nil, 403),
      ("localhost", "http://evil.example", 403), ("localhost", "null", 403), ("localhost", "http://localhost", 200),
      ("localhost", "https://pup.example", 200),
    ] as [(String, String?, Int)])
  func hosts(_ host: String, _ origin: String?, _ status: Int) throws {
    let server = try TestServer()
    defer { server.stop() }
    for isLocal in [false, true] {
      let client = isLocal ? try RawClient(path: server.socketPath) : try server.connect()
      defer { client.close() }
      try client.send("GET /healthz HTTP/1.1\r\nHost: \(host)\r\n" + (origin.map { "Origin: \($0)\r\n" } ?? "") + "\r\n")
      let response = try client.response()
      #expect(response.status == (isLocal ? 200 : status))
      #expect(response.headers["access-control-allow-origin"] == nil)
    }
  }

  @Test("clients that do not finish are cut") func slow() throws {
    let server = try TestServer {
      $0.limits.headSeconds = 1
      $0.limits.bodySeconds = 1
      $0.limits.idleSeconds = 1
    }
    defer { server.stop() }
    let head = try server.connect()
    let body = try server.connect()
    let idle = try server.connect()
    try head.send("GET /heal")
    try body.send("POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
    try idle.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try idle.response().status == 200)
    for client in [head, body, idle] {
      #expect(try client.readToEnd() == "")
      client.close()
    }
  }

  @Test("many half-open connections do not hinder a request on the unix socket") func flood() throws {
    let server = try TestServer { $0.limits.connections = 64 }
    defer { server.stop() }
    let clients = try (0..<100).map { _ in try server.connect() }
    defer { for client in clients { client.close() } }
    for client in clients { try client.send("G") }
    let local = try RawClient(path: server.socketPath)
    defer { local.close() }
    try local.send("GET /healthz HTTP/1.1\r\nHost: pup\r\n\r\n")
    #expect(try local.response().status == 200)
  }

  @Test("clients that send half a request and leave are not kept until their time is over") func halfAndGone() throws {
    let server = try TestServer()
    defer { server.stop() }
    let halves = ["G", "GET /healthz HTTP/1.1\r\nHo", "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{"]
    var gate: [Int32] = [0, 0]
    #expect(pipe(&gate) == 0)
    defer { for descriptor in gate { Glibc.close(descriptor) } }
    let before = Self.descriptors
    let clients = try (0..<60).map { _ in try server.connect() }
    #expect(try server.request("GET", "/healthz").status == 200, "the others have been accepted before it")
    // The server is busy meanwhile: the bytes and the end of the connection are one event for it.
    server.loop.post { [gate] in
      var byte: UInt8 = 0
      read(gate[0], &byte, 1)
    }
    for (round, client) in clients.enumerated() {
      try client.send(halves[round % halves.count])
      client.close()
    }
    write(gate[1], "x", 1)
    let deadline = Clock.boot + 20_000_000_000
    while Self.descriptors > before, Clock.boot < deadline { sched_yield() }
    #expect(Self.descriptors <= before)
  }

  @Test("bad requests leave nothing behind") func leaks() throws {
    let server = try TestServer()
    defer { server.stop() }
    let before = Self.descriptors
    for round in 0..<500 {
      let client = try server.connect()
      try client.send(
        round % 2 == 0 ? "GARBAGE\r\n\r\n" : "GET /processes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer bad\r\n\r\n")
      client.close()
    }
    let deadline = Clock.boot + 20_000_000_000
    while Self.descriptors > before, Clock.boot < deadline { sched_yield() }
    #expect(Self.descriptors <= before)
    #expect(try server.request("GET", "/healthz").status == 200)
  }

  private static var descriptors: Int {
    guard let folder = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count
  }

  @Test("an answer that takes its time keeps the connection, and nothing else waits for it") func waiting() throws {
    let server = try TestServer()
    defer { server.stop() }
    server.backend.content.withLock { $0.isHolding = true }
    let client = try server.connect()
    defer { client.close() }
    let request = "POST /processes/web/stop?wait=5 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\n\r\n"
    try client.send(request)
    #expect(try server.request("GET", "/processes", token: server.token()).status == 200)
    let deadline = Clock.boot + 20_000_000_000
    while server.backend.content.withLock({ $0.held.isEmpty }), Clock.boot < deadline { sched_yield() }
    for answer in server.backend.content.withLock({ $0.held }) { answer(.success(ActionResult(.done))) }
    #expect(try client.response().json?["data"]?["outcome"] == "done")
  }

  @Test("tokens never reach the access log") func canary() throws {
    let server = try TestServer()
    defer { server.stop() }
    let token = server.token()
    _ = try server.request("GET", "/processes?token=\(token)", token: token)
    _ = try server.request("GET", "/processes/\(token)/logs", token: token)
    _ = try server.request("GET", "/\(token)", token: token)
    let records = server.backend.content.withLock { $0.access }
    #expect(records.map(\.path) == ["/processes", "/processes/***/logs", "/***"])
    #expect(records.allSatisfy { !$0.text.contains(token) })
  }
}
