import Glibc
import PupAPI
import PupSystem
import PupWeb
import Synchronization
import Testing

/// A full listener is one that empties: for requests on TCP, with TLS, and on the unix socket.
@Suite("Crowds of connections", .timeLimit(.minutes(6))) struct CrowdTests {
  enum Way: String, CaseIterable { case tcp, unix, tls }

  private static let places = 40

  private func small(_ settings: inout APIService.Settings) {
    settings.limits.connections = Self.places
    settings.limits.streams = 10
  }

  private func connect(_ server: TestServer, _ way: Way, _ tls: UInt16) throws -> RawClient {
    switch way {
    case .tcp: try server.connect()
    case .unix: try RawClient(path: server.socketPath)
    case .tls: try RawClient(port: tls)
    }
  }

  private func isAnswered(_ server: TestServer, _ way: Way, _ tls: UInt16) throws -> Bool {
    if way == .tls {
      let request = #"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"#
      return try Certificate.openssl(
        "version; printf '\(request)' | timeout 5 openssl s_client -quiet -connect 127.0.0.1:\(tls)"
      ).contains(#"{"status":"ok"}"#)
    }
    let client = try connect(server, way, tls)
    defer { client.close() }
    try client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return try client.response().status == 200
  }

  @Test("that say nothing keep nobody out, neither while they are there nor when they have gone", arguments: Way.allCases)
  func silent(_ way: Way) throws {
    let server = try TestServer(small)
    defer { server.stop() }
    let tls = try server.listenWithTLS()
    for round in 0..<(way == .tls ? 3 : 20) {
      var crowd = try (0..<Self.places + 30).map { _ in try connect(server, way, tls) }
      // Some say a little.
      for client in crowd.suffix(10) { try? client.send("GET /heal") }
      #expect(try isAnswered(server, way, tls), "full, round \(round)")
      for client in crowd { client.close() }
      crowd = []
      #expect(try isAnswered(server, way, tls), "released, round \(round)")
    }
    #expect(try isAnswered(server, .unix, tls))
    let text = try server.request("GET", "/metrics", token: server.token()).body
    let name = way == .unix ? "unix" : "tcp"
    let sample = "pup_http_connections_cut_total{listener=\"\(name)\",reason=\"crowd\"}"
    let cut = text.split(separator: "\n").first { $0.hasPrefix(sample) }
    #expect((Int(cut?.split(separator: " ").last ?? "") ?? 0) >= 30, "\(cut ?? "")")
  }

  @Test("the server itself cuts as too late leave a listener that answers") func late() throws {
    let server = try TestServer {
      small(&$0)
      $0.limits.headSeconds = 1
    }
    defer { server.stop() }
    let crowd = try (0..<Self.places + 20).map { _ in try server.connect() }
    for client in crowd { #expect(try client.readToEnd() == "") }
    #expect(try server.request("GET", "/healthz").status == 200)
    for client in crowd { client.close() }
    #expect(try server.request("GET", "/healthz").status == 200)
  }

  @Test("where everybody is being served, one more is turned away at once, and the place of the first to leave is taken again")
  func busy() throws {
    let server = try TestServer(small)
    defer { server.stop() }
    server.backend.content.withLock { $0.isHolding = true }
    let request = "POST /processes/web/stop?wait=5 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\n\r\n"
    let crowd = try (0..<Self.places).map { _ in try server.connect() }
    defer { for client in crowd { client.close() } }
    for client in crowd { try client.send(request) }
    let deadline = Clock.boot + 5_000_000_000
    while server.backend.content.withLock({ $0.held.count }) < Self.places, Clock.boot < deadline { sched_yield() }
    let late = try server.connect()
    defer { late.close() }
    let answer = try late.response()
    #expect(answer.status == 503)
    #expect(answer.headers["retry-after"] == "1")
    let held = server.backend.content.withLock { $0.held }
    held.first?(.success(.init(.done)))
    // The answer is on its way through another thread.
    var isAnswered = false
    while !isAnswered, Clock.boot < deadline { isAnswered = try server.request("GET", "/healthz").status == 200 }
    #expect(isAnswered)
    for answer in held.dropFirst() { answer(.success(.init(.done))) }
    for client in crowd { #expect(try client.response().status == 200) }
  }

  @Test("streams have places of their own") func streams() throws {
    let server = try TestServer(small)
    defer { server.stop() }
    var readers = try (0..<10).map { _ in try EventReader(server, "/events", token: server.token()) }
    defer { for reader in readers { reader.client.close() } }
    for path in ["/events", "/wss"] {
      let upgrade = [
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
      ]
      let refused = try server.request("GET", path, token: server.token(), headers: path == "/wss" ? upgrade : [])
      #expect(refused.status == 503)
      #expect(refused.error?.contains("places for streams") == true)
    }
    // The places for requests are all there.
    let crowd = try (0..<Self.places).map { _ in try server.connect() }
    defer { for client in crowd { client.close() } }
    #expect(try server.request("GET", "/healthz").status == 200)
    for reader in readers { #expect(try reader.next()?.name == "stream") }
    readers.removeFirst().client.close()
    let deadline = Clock.boot + 5_000_000_000
    while Clock.boot < deadline {
      if let reader = try? EventReader(server, "/events", token: server.token()) {
        readers.append(reader)
        break
      }
    }
    #expect(readers.count == 10)
  }
}
