import Glibc
import PupAPI
import Testing

@testable import PupRestClient

@Suite(.timeLimit(.minutes(5))) struct CallTests {
  /// The last request received by a server that answers everything with `data`.
  private func exchange<Value>(
    _ data: String = "null", _ call: (PupRestClient) async throws -> Value
  ) async throws -> (Value, ReceivedRequest) {
    let server = try ScriptedServer { $1.answer("{\"data\":\(data)}") }
    let client = try Samples.client(server.address, token: "secret")
    defer { client.close() }
    let value = try await call(client)
    return (value, try #require(server.requests.last))
  }

  @Test func processes() async throws {
    let entry = ProcessEntry(status: Samples.information(), config: JSONObject([("id", "web"), ("cmd", "sleep 1")]))
    let (all, request) = try await exchange([entry].jsonText) { try await $0.getProcesses() }
    #expect(all == [entry])
    #expect(request.method == "GET")
    #expect(request.target == "/processes")
    #expect(request.headers["authorization"] == "Bearer secret")
    let (one, second) = try await exchange(entry.jsonText) { try await $0.getProcess("@a/b") }
    #expect(one == entry)
    #expect(second.target == "/processes/%40a%2Fb")
  }

  @Test func state() async throws {
    let (state, request) = try await exchange(Samples.state.jsonText) { try await $0.getState() }
    #expect(state == Samples.state)
    #expect(request.target == "/state")
  }

  @Test func history() async throws {
    var entry = HistoryEntry(
      time: Samples.date, processId: "web", old: .running, new: .errored, actor: "program", cause: "it ended")
    entry.code = 3
    var created = HistoryEntry(time: Samples.date, processId: "web", old: nil, new: .created, actor: "x", cause: "y")
    created.signal = "SIGKILL"
    let (history, request) = try await exchange([entry, created].jsonText) { try await $0.getHistory("web", limit: 5) }
    #expect(history == [entry, created])
    #expect(request.target == "/processes/web/history?count=5")
  }

  @Test(arguments: ProcessAction.allCases) func actions(_ action: ProcessAction) async throws {
    let (result, request) = try await exchange(#"{"success":true,"outcome":"unchanged","message":"already"}"#) {
      try await $0.act(action, "web")
    }
    #expect(result == ActionResult(.unchanged, message: "already"))
    #expect(request.method == "POST")
    #expect(request.target == "/processes/web/\(action.rawValue)")
    #expect(request.headers["content-length"] == "0")
    let (original, _) = try await exchange("{}") { try await $0.act(action, "all") }
    #expect(original.outcome == .accepted)
  }

  @Test(arguments: [
    (Duration.seconds(30), "30"), (.milliseconds(1500), "2"), (.seconds(-3), "0"), (.milliseconds(7), "1"),
    (.seconds(9999), "300"),
  ])
  func waits(_ wait: Duration, _ text: String) async throws {
    let (_, request) = try await exchange { try await $0.restart("web", wait: wait) }
    #expect(request.target == "/processes/web/restart?wait=\(text)")
  }

  @Test func messages() async throws {
    let (_, log) = try await exchange { try await $0.sendLog(.error, "plugin", "it\nbroke") }
    #expect(log.target == "/log")
    #expect(log.headers["content-type"] == "application/json")
    #expect(
      try LogSubmission(jsonBytes: Array(log.body.utf8))
        == LogSubmission(severity: .error, plugin: "plugin", message: "it\nbroke"))
    let (_, ipc) = try await exchange { try await $0.sendIpc("b", "c", false) }
    #expect(ipc.target == "/ipc")
    #expect(try JSONValue(parsing: ipc.body)["eventData"] == false)
    let (_, telemetry) = try await exchange { try await $0.sendTelemetry(Samples.telemetry) }
    #expect(try ProcessTelemetry(jsonBytes: Array(telemetry.body.utf8)) == Samples.telemetry)
    let (_, end) = try await exchange { try await $0.terminate() }
    #expect(end.method == "POST")
    #expect(end.target == "/terminate")
  }

  @Test func logs() async throws {
    let (items, request) = try await exchange([Samples.log].jsonText) {
      try await $0.getLogs(
        processId: "a&b", start: ISODate(milliseconds: 5), end: ISODate(milliseconds: 9), severity: .warn, limit: 7)
    }
    #expect(items == [Samples.log])
    #expect(request.target == "/logs?processId=a%26b&startTimeStamp=5&endTimeStamp=9&severity=warn&nRows=7")
    let (_, plain) = try await exchange("[]") { try await $0.getLogs() }
    #expect(plain.target == "/logs")
  }

  @Test func logsOfOneProcess() async throws {
    let (items, request) = try await exchange([Samples.log].jsonText) {
      try await $0.getProcessLogs("a/b", start: ISODate(milliseconds: 5), severity: .error, limit: 5000)
    }
    #expect(items == [Samples.log])
    #expect(request.target == "/processes/a%2Fb/logs?startTimeStamp=5&severity=error&nRows=5000")
  }

  @Test func metrics() async throws {
    let text = "# TYPE pup_processes gauge\npup_processes{state=\"ä\"} 2\n"
    let server = try ScriptedServer { $1.answer(text) }
    let client = try Samples.client(server.address)
    defer { client.close() }
    #expect(try await client.getMetrics() == text)
    #expect(server.requests.last?.target == "/metrics")
    #expect(server.requests.last?.headers["accept"] == "text/plain")
  }

  @Test func reload() async throws {
    let (result, request) = try await exchange(#"{"success":true,"outcome":"done","message":"2 changed"}"#) {
      try await $0.reload()
    }
    #expect(result == ActionResult(.done, message: "2 changed"))
    #expect(request.method == "POST")
    #expect(request.target == "/reload")
  }

  @Test func aUnixSocket() async throws {
    let path = "/tmp/pup-client-\(getpid())-\(UInt32.random(in: 0..<(.max))).sock"
    let server = try ScriptedServer(socketPath: path) { $1.answer(#"{"data":[]}"#) }
    let client = try Samples.client("unix://\(path)")
    defer { client.close() }
    #expect(try await client.getProcesses().isEmpty)
    #expect(server.requests.first?.headers["host"] == "localhost")
    let other = try PupRestClient(
      "127.0.0.1:1", "t", eventStream: false, options: Samples.options,
      environment: ["PUP_API_SOCKET": path, "PUP_API_HOSTNAME": "127.0.0.1", "PUP_API_PORT": "1"])
    defer { other.close() }
    #expect(try await other.getLogs().isEmpty)
    #expect(server.requests.last?.headers["host"] == "127.0.0.1:1")
  }

  @Test func aConnectionIsKept() async throws {
    let server = try ScriptedServer { $1.answer(#"{"data":[]}"#) }
    let client = try Samples.client(server.address)
    defer { client.close() }
    for _ in 0..<20 { _ = try await client.getProcesses() }
    #expect(Set(server.requests.map(\.connection)).count == 1)
  }

  @Test func chunksAndPausesAreNoMatter() async throws {
    let text = "{\"data\":\([Samples.log].jsonText)}"
    let path = "/tmp/pup-chunks-\(getpid())-\(UInt32.random(in: 0..<(.max))).sock"
    let server = try ScriptedServer(socketPath: path) { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
      for character in text {
        connection.chunk(String(character))
        connection.waitUntilRead()
      }
      connection.endChunks()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    #expect(try await client.getLogs() == [Samples.log])
  }

  @Test func manyAtOnce() async throws {
    let server = try ScriptedServer { request, connection in connection.answer("{\"data\":\"\(request.target)\"}") }
    let client = try Samples.client(server.address)
    defer { client.close() }
    try await withThrowingTaskGroup { group in
      for number in 0..<200 {
        group.addTask {
          let answer = try await client.call("GET", "/x/\(number)")
          #expect(answer == .string("/x/\(number)"))
        }
      }
      try await group.waitForAll()
    }
  }
}
