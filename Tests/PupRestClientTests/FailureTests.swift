import Glibc
import PupAPI
import PupSystem
import Synchronization
import Testing

@testable import PupRestClient

@Suite(.timeLimit(.minutes(5))) struct FailureTests {
  private func failure(_ client: PupRestClient) async throws -> PupError {
    try #require(await #expect(throws: PupError.self) { try await client.getProcesses() })
  }

  @Test(arguments: [
    (401, #"{"error":"Invalid/expired token","code":"unauthorized"}"#, PupErrorCode.unauthorized, "Invalid/expired token"),
    (404, #"{"error":"no process 'x'","code":"unknown_process"}"#, .unknownProcess, "no process 'x'"),
    (409, #"{"error":"blocked"}"#, .refused, "blocked"), (404, "<html>", .notFound, "HTTP status 404"),
    (418, "", .invalidRequest, "HTTP status 418"), (501, #"{"error":"not yet"}"#, .notImplemented, "not yet"),
    (302, "", .failed, "HTTP status 302"),
  ])
  func errorsOfTheServer(_ status: Int, _ body: String, _ code: PupErrorCode, _ message: String) async throws {
    let server = try ScriptedServer { $1.answer(status, body, headers: ["Location: http://127.0.0.1:9/"]) }
    let client = try Samples.client(server.address)
    defer { client.close() }
    #expect(try await failure(client) == PupError(code, message))
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [
    "", "{", "[]", "null", #"{"data":{}}"#, #"{"data":[1]}"#, #"{"data":[{"status":{"id":"x"}}]}"#, "{\"data\":[]}x", "\u{0}",
    String(repeating: "[", count: 100_000),
  ])
  func bodiesThatAreWrong(_ body: String) async throws {
    let server = try ScriptedServer { $1.answer(body) }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let error = try await failure(client)
    #expect(error.code == .unexpectedAnswer)
    #expect(error.message.contains(client.endpoint.description))
  }

  @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\r\n\r\n", "HTTP/1.1 2x0\r\n\r\n"])
  func whatIsNotHTTP(_ text: String) async throws {
    let server = try ScriptedServer { _, connection in
      connection.send(text)
      connection.close()
    }
    let client = try Samples.client(server.address) { $0.retries = 0 }
    defer { client.close() }
    let code = try await failure(client).code
    #expect(code == .unexpectedAnswer || code == .notReachable)
  }

  @Test func anAnswerWithoutAnEnd() async throws {
    let server = try ScriptedServer { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      let piece = String(repeating: "x", count: 1 << 20)
      while connection.chunk(piece) {}
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let error = try await failure(client)
    #expect(error.code == .unexpectedAnswer)
    #expect(error.message.contains("longer than"))
  }

  @Test func nobodyThere() async throws {
    let port = try ScriptedServer { _, _ in }.port
    let client = try Samples.client("127.0.0.1:\(port)")
    defer { client.close() }
    let error = try await failure(client)
    #expect(error.code == .notReachable)
    #expect(error.message.contains("is Pup running there?"))
    let missing = try Samples.client("unix:///tmp/no-such-folder/api.sock")
    defer { missing.close() }
    #expect(try await failure(missing).code == .notReachable)
  }

  @Test func aServerThatComesLate() async throws {
    let count = Counter()
    let server = try ScriptedServer { _, connection in
      switch count.next() {
      case 0: connection.answer(503, #"{"error":"starting"}"#)
      case 1: connection.answer(429, "", headers: ["Retry-After: 0"])
      case 2: connection.reset()
      default: connection.answer(#"{"data":[]}"#)
      }
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    #expect(try await client.getProcesses().isEmpty)
    #expect(count.value >= 4)
  }

  @Test func itGivesUp() async throws {
    let server = try ScriptedServer { $1.answer(503, #"{"error":"starting"}"#) }
    let client = try Samples.client(server.address)
    defer { client.close() }
    #expect(try await failure(client) == PupError(.unavailable, "starting"))
    #expect(server.requests.count == 4)
  }

  /// A request that may have been carried out is not repeated.
  @Test(arguments: [true, false]) func aMessageIsSentOnce(onAUsedConnection: Bool) async throws {
    let server = try ScriptedServer { request, connection in
      if request.method == "GET" { return connection.answer(#"{"data":[]}"#) }
      connection.close()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    if onAUsedConnection { _ = try await client.getProcesses() }
    let error = await #expect(throws: PupError.self) { try await client.sendIpc("a", "b") }
    #expect(error?.code == .notReachable)
    await #expect(throws: PupError.self) { try await client.restart("a") }
    await #expect(throws: PupError.self) { try await client.sendLog(.info, "p", "m") }
    // The Pup that receives the repetition could be the one started after it.
    await #expect(throws: PupError.self) { try await client.terminate() }
    await #expect(throws: PupError.self) { try await client.createToken(consumer: "x") }
    await #expect(throws: PupError.self) { try await client.rotateSecret() }
    #expect(
      server.requests.filter { $0.method == "POST" }.map(\.path) == [
        "/ipc", "/processes/a/restart", "/log", "/terminate", "/tokens", "/tokens/rotate-secret",
      ])
  }

  @Test func aSlowAnswer() async throws {
    let (count, twice) = (Counter(), Signal())
    let server = try ScriptedServer { _, connection in
      if count.next() == 1 { twice.give() }
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address) { ($0.timeout, $0.retries) = (.milliseconds(500), 1) }
    defer { client.close() }
    let error = try await failure(client)
    #expect(error.code == .timedOut)
    // The request may be read after the client has given up.
    await twice.wait()
    #expect(server.requests.count == 2)
  }

  @Test func aWaitingActionMayTakeLonger() async throws {
    let (arrived, longer) = (Signal(), Latch<Void>())
    let server = try ScriptedServer { request, connection in
      guard request.method == "POST" else { return connection.waitForEnd() }
      arrived.give()
      longer.wait()
      connection.answer(#"{"data":{"success":true,"outcome":"done"}}"#)
    }
    let client = try Samples.client(server.address) { ($0.timeout, $0.retries) = (.milliseconds(200), 0) }
    defer { client.close() }
    let action = Task { try await client.start("web", wait: .seconds(5)).outcome }
    await arrived.wait()
    // A request made after time has run out.
    #expect(try await failure(client).code == .timedOut)
    longer.open(with: ())
    #expect(try await action.value == .done)
  }

  /// An idempotent request is retried as long as there are attempts left.
  @Test(arguments: [ProcessAction.start, .stop, .block, .unblock]) func anActionOnAStateIsRepeated(_ action: ProcessAction)
    async throws
  {
    let server = try ScriptedServer { request, connection in
      if request.connection == 0 { return connection.close() }
      connection.answer(#"{"data":{"success":true,"outcome":"done"}}"#)
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    #expect(try await client.act(action, "web").outcome == .done)
    #expect(server.requests.count == 2)
  }

  @Test func othersThatAreRepeated() async throws {
    let broken = Mutex<Set<String>>([])
    let server = try ScriptedServer { request, connection in
      let isFirst = broken.withLock { $0.insert(request.path).inserted }
      if isFirst { return connection.close() }
      connection.answer(#"{"data":{"success":true,"outcome":"done"}}"#)
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    try await client.sendTelemetry(Samples.telemetry)
    try await client.reload()
    try await client.revokeToken(id: "7")
    #expect(server.requests.count == 6)
  }

  /// A wait that continues after a disconnect lasts only for the remaining time, and one that is over does not start again.
  @Test func aWaitIsNotBegunAnew() async throws {
    let server = try ScriptedServer { request, connection in
      if request.connection == 0 { return connection.close() }
      connection.answer(#"{"data":{"success":true,"outcome":"pending"}}"#)
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    // Whole seconds are sent, rounded up: however long the first attempt took, it is at least a second less.
    #expect(try await client.stop("web", wait: .seconds(29) + .nanoseconds(1)).outcome == .pending)
    let waits = server.requests.compactMap { Int($0.target.split(separator: "=").last ?? "") }
    #expect(waits.first == 30)
    // On a busy machine, more time has passed.
    #expect((0...29).contains(waits.last ?? 30))

    let timedOut = Transfer.Outcome.failure(TransferFailure(.timedOut, ""))
    let waiting = PupRestClient.Call(method: .post, path: "/x", wait: .seconds(3))
    #expect(!waiting.mayFollow(timedOut))
    #expect(waiting.mayFollow(.failure(TransferFailure(.broken, ""))))
    #expect(PupRestClient.Call(method: .post, path: "/x").mayFollow(timedOut))
    #expect(waiting.secondsToWait(after: .seconds(60)) == 0)
  }

  @Test func cancellationEndsTheDelayBetweenAttempts() async throws {
    let arrived = Signal()
    let server = try ScriptedServer { _, connection in
      connection.answer(503, #"{"error":"starting"}"#)
      arrived.give()
    }
    let client = try Samples.client(server.address) { $0.retryDelay = .seconds(600) }
    defer { client.close() }
    let call = Task { await #expect(throws: PupError.self) { try await client.getProcesses() } }
    await arrived.wait()
    call.cancel()
    #expect(await call.value?.code == .cancelled)
    #expect(server.requests.count == 1)
  }

  @Test func cancellationClosesTheConnection() async throws {
    let (arrived, ended) = (Signal(), Signal())
    let server = try ScriptedServer { _, connection in
      arrived.give()
      connection.waitForEnd()
      ended.give()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let call = Task { await #expect(throws: PupError.self) { try await client.stop("web", wait: .seconds(300)) } }
    await arrived.wait()
    call.cancel()
    await ended.wait()
    #expect(await call.value?.code == .cancelled)
  }

  @Test func cancellation() async throws {
    let arrived = Signal()
    let server = try ScriptedServer { _, connection in
      arrived.give()
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let call = Task { await #expect(throws: PupError.self) { try await client.getProcesses() } }
    await arrived.wait()
    call.cancel()
    #expect(await call.value?.code == .cancelled)
    let second = Task { () -> PupError? in
      withUnsafeCurrentTask { $0?.cancel() }
      return await #expect(throws: PupError.self) { try await client.getProcesses() }
    }
    #expect(await second.value?.code == .cancelled)
    #expect(server.requests.count == 1)
  }

  @Test func aClosedClientEndsItsCalls() async throws {
    let arrived = Signal()
    let server = try ScriptedServer { _, connection in
      arrived.give()
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    let call = Task { await #expect(throws: PupError.self) { try await client.getProcesses() } }
    await arrived.wait()
    client.close()
    #expect(await call.value?.code == .cancelled)
    #expect(try await failure(client).code == .cancelled)
    #expect(server.requests.count == 1)
  }
}
