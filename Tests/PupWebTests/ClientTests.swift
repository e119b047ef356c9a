import PupAPI
import PupEvents
import PupTokens
import PupWeb
import Synchronization
import Testing

@testable import PupRestClient

/// The client of this package against its server.
@Suite("PupRestClient", .timeLimit(.minutes(5))) struct ClientTests {
  private var options: PupClientOptions {
    var options = PupClientOptions()
    options.timeout = .seconds(20)
    (options.retryDelay, options.reconnectDelay) = (.milliseconds(1), .milliseconds(1))
    return options
  }

  @Test("gets what it asks for", arguments: [true, false]) func calls(bySocket: Bool) async throws {
    let server = try TestServer()
    defer { server.stop() }
    let address = bySocket ? "unix://\(server.socketPath)" : "127.0.0.1:\(server.port)"
    let client = try PupRestClient(address, server.token("ops"), options: options)
    defer { client.close() }
    #expect(try await client.getProcesses().map(\.status.id) == ["Web", "blocked"])
    #expect(try await client.getProcess("WEB").status.pid == 17)
    #expect(try await client.getState().version == "test")
    #expect(try await client.getHistory("web").map(\.new) == [.created])
    #expect(
      try await client.getLogs(processId: "Web", severity: .log, limit: 3).map(\.text) == ["line 298", "line 299", "line 300"])
    #expect(try await client.getProcessLogs("Web", limit: 200).count == 200)
    #expect(try await client.getMetrics().hasPrefix("pup_processes 2\n"))
    #expect(try await client.start("web").outcome == .accepted)
    #expect(try await client.stop("all", wait: .seconds(7)).outcome == .accepted)
    try await client.sendLog(.warn, "plugin", "m")
    try await client.sendIpc("web", "go", false)
    try await client.terminate()
    let content = server.backend.content.withLock { content in
      (content.actions.last, content.submissions.count, content.messages.first, content.terminatedBy)
    }
    #expect(content.0 == "stop all ops 7")
    #expect(content.1 == 1)
    #expect(content.2 == IPCMessage(sender: "ops", target: "web", event: "go", eventData: false))
    #expect(content.3 == "ops")
  }

  @Test("hears why not") func errors() async throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try PupRestClient("127.0.0.1:\(server.port)", server.token(scopes: [.control, .admin]), options: options)
    defer { client.close() }
    func code(_ call: () async throws -> Void) async -> PupErrorCode? {
      (await #expect(throws: PupError.self) { try await call() })?.code
    }
    #expect(await code { try await client.start("blocked") } == .refused)
    #expect(await code { try await client.stop("nobody") } == .unknownProcess)
    #expect(await code { try await client.reload() } == .notImplemented)
    #expect(await code { _ = try await client.createToken(consumer: "cli") } == .invalidBody)
    #expect(await code { _ = try await client.createToken(consumer: "x", scopes: ["everything"]) } == .invalidBody)
    client.refreshApiToken(server.token(scopes: [.read]))
    #expect(await code { _ = try await client.getTokens() } == .forbidden)
    client.refreshApiToken("none")
    #expect(await code { _ = try await client.getProcesses() } == .unauthorized)
  }

  @Test("makes, lists, revokes and rotates tokens") func tokens() async throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try PupRestClient("127.0.0.1:\(server.port)", server.token(), options: options)
    defer { client.close() }
    let created = try await client.createToken(consumer: "dash", scopes: ["read"], expiresIn: .seconds(60))
    #expect(created.consumer == "dash" && created.scopes == ["read"])
    #expect(try await client.getTokens().isEmpty)
    try await client.revokeToken(id: "7")
    try await client.revokeTokens(consumer: "dash")
    try await client.reinstate(consumer: "dash")
    #expect(server.backend.content.withLock { $0.revoked } == [.id("7"), .consumer("dash")])
    #expect(try await client.rotateSecret().token == "t")
    #expect(client.currentToken == "t")
  }

  @Test("goes on without a gap when its token has ended and a fresh one comes") func stream() async throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try PupRestClient("127.0.0.1:\(server.port)", server.token(expires: 100), options: options)
    defer { client.close() }
    var numbers: [UInt64?] = []
    var reasons: [PupErrorCode] = []
    for await event in client.events([.terminating]) {
      switch event {
      case .connected where numbers.isEmpty: server.events.publish(.terminating(milliseconds: 1))
      case .event(_, let id):
        numbers.append(id?.number)
        if numbers.count == 1 { server.clock.advance(3600) }
        if numbers.count == 3 { client.close() }
      case .disconnected(let error):
        reasons.append(error.code)
        for number in 2...3 { server.events.publish(.terminating(milliseconds: Int64(number))) }
        client.refreshApiToken(server.token())
      case .lost(let lost): Issue.record("\(lost)")
      case .connected, .other: break
      }
    }
    #expect(numbers == [1, 2, 3])
    #expect(reasons == [.unauthorized])
  }

  @Test("lets programs talk, with the token that a program has") func programs() async throws {
    let server = try TestServer()
    defer { server.stop() }
    let environment = [
      "PUP_PROCESS_ID": "web", "PUP_API_HOSTNAME": "127.0.0.1", "PUP_API_PORT": String(server.port),
      "PUP_API_SOCKET": server.socketPath, "PUP_API_TOKEN": server.token("telemetry-web", scopes: TokenScope.ofPrograms),
    ]
    let telemetry = PupTelemetry(interval: .seconds(1), environment: environment, options: options)
    defer { telemetry.close() }
    try await telemetry.emit("other", "ready", ["n": 1])
    #expect(
      server.backend.content.withLock { $0.messages }
        == [IPCMessage(sender: "telemetry-web", target: "other", event: "ready", eventData: ["n": 1])])
    let (messages, feed) = AsyncStream<IPCMessage>.makeStream()
    telemetry.on("go") { feed.yield($0) }
    // What is published before the stream is there is not told.
    for await event in try #require(telemetry.client).events([.ipc]) where event == .connected { break }
    server.events.publish(.ipc(IPCMessage(sender: "a", target: "web", event: "go", eventData: nil)))
    var iterator = messages.makeAsyncIterator()
    #expect(await iterator.next()?.sender == "a")
    #expect(server.backend.content.withLock { $0.telemetry }.allSatisfy { $0.sender == "web" && $0.memory.rss > 0 })
  }
}
