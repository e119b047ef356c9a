import Glibc
import PupAPI
import PupEvents
import PupSystem
import PupTokens
import PupWeb
import Testing

/// A whole server on a loop of its own, on a free TCP port and a unix socket.
struct TestServer {
  let loop: EventLoop
  let thread: LoopThread
  let server: WebServer
  let backend = MemoryBackend()
  let authorizer: Authorizer
  let events: EventBus
  let secret = TokenSecret(text: "0123456789abcdef0123456789abcdef0123456789abcdef")
  let port: UInt16
  let socketPath: String
  let clock = TestClock()

  init(allowedOrigins: [String]) throws { try self.init { $0.allowedOrigins = allowedOrigins } }

  init(events limits: EventBus.Limits = .init(), _ change: (inout APIService.Settings) -> Void = { _ in }) throws {
    var settings = APIService.Settings()
    settings.version = "1.2.3"
    settings.allowedHosts = ["pup.example"]
    settings.limits.failureDelayMilliseconds = 1
    change(&settings)
    loop = try EventLoop(name: "web-test")
    authorizer = Authorizer(secret: secret) { [clock] in clock.seconds }
    authorizer.setRevoked(consumers: [" Revoked "], tokenIDs: ["dead"])
    events = EventBus(epoch: "e1", limits: limits)
    let service = APIService(backend: APIBackend(backend), authorizer: authorizer, events: events, settings: settings)
    server = WebServer(loop: loop, service: service, limits: settings.limits)
    let tcp = try ListeningSocket.tcp(host: "127.0.0.1", port: 0)
    port = tcp.port
    socketPath = "/tmp/pup-web-\(getpid())-\(tcp.port).sock"
    try server.listen(on: tcp.descriptor, isLocal: false)
    try server.listen(on: try ListeningSocket.unix(path: socketPath), isLocal: true)
    thread = try LoopThread(running: loop)
  }

  func stop() {
    loop.post { [server, loop] in
      server.stop()
      loop.stop()
    }
    thread.join()
    unlink(socketPath)
  }

  /// Runs on the server's thread, and waits for it.
  func onLoop(_ body: @escaping @Sendable (WebServer) throws -> Void) throws {
    let done = OnLoopResult()
    loop.post { [server] in done.finish(Result { try body(server) }) }
    try done.wait().get()
  }

  func token(_ consumer: String = "tester", scopes: [TokenScope]? = nil, id: String? = nil, expires: Int64 = 3600) -> String {
    WebToken(consumer: consumer, scopes: scopes, tokenID: id, expires: clock.seconds + expires).signed(with: secret)
  }

  func connect() throws -> RawClient { try RawClient(port: port) }

  /// One request on a connection of its own.
  func request(
    _ method: String, _ path: String, token: String? = nil, headers: [String] = [], body: String? = nil
  ) throws -> RawResponse {
    let client = try connect()
    defer { client.close() }
    var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1"] + headers
    if let token { lines.append("Authorization: Bearer \(token)") }
    if let body {
      if !headers.contains(where: { $0.lowercased().hasPrefix("content-type") }) {
        lines.append("Content-Type: application/json")
      }
      lines.append("Content-Length: \(body.utf8.count)")
    }
    try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? ""))
    return try client.response(isHead: method == "HEAD")
  }
}
