import PupAPI
import PupEvents
import PupTokens
import PupWeb
import Synchronization
import Testing

/// What clients of the original send, and what it takes.
@Suite("Habits of the original's clients", .timeLimit(.minutes(5))) struct OriginalHabitsTests {
  @Test(
    "names of plugins become one word",
    arguments: [
      ("My Plugin", "api-My-Plugin"), ("p", "api-p"), ("  spaced  out ", "api-spaced-out"), ("blåbär", "api-bl-b-r"),
      ("日本", "api--"), ("a\nb\tc", "api-a-b-c"), ("x-y_z.1", "api-x-y_z.1"),
      (String(repeating: "n", count: 300), "api-" + String(repeating: "n", count: 60)),
    ]) func plugins(_ name: String, _ category: String) throws
  {
    let server = try TestServer()
    defer { server.stop() }
    let body = LogSubmission(severity: .info, plugin: name, message: "m").jsonText
    #expect(try server.request("POST", "/log", token: server.token(), body: body).status == 201)
    #expect(server.backend.content.withLock { $0.submissions.map(\.category) } == [category])
  }

  @Test("names that are none are refused", arguments: ["", " ", "\n", String(repeating: "x", count: 5000)])
  func noPlugin(_ name: String) throws {
    let server = try TestServer()
    defer { server.stop() }
    let body = LogSubmission(severity: .info, plugin: name, message: "m").jsonText
    #expect(try server.request("POST", "/log", token: server.token(), body: body).code == "invalid_body")
  }

  @Test("telemetry needs what the original's types need, and its sender may have blanks around it") func telemetry() throws {
    let server = try TestServer()
    defer { server.stop() }
    let body = #"{"sender":" web\t","memory":{"heapTotal":2,"heapUsed":3,"rss":4}}"#
    #expect(try server.request("POST", "/telemetry", token: server.token(), body: body).status == 200)
    let report = try #require(server.backend.content.withLock { $0.telemetry.first })
    #expect(report == ProcessTelemetry(sender: "web", memory: .init(heapTotal: 2, heapUsed: 3, rss: 4), sent: "", cwd: ""))
  }

  @Test("a message may have 256 KiB") func largeMessage() throws {
    let server = try TestServer()
    defer { server.stop() }
    for (count, status) in [(IPCMessage.longestData - 2, 200), (IPCMessage.longestData - 1, 400), (300_000, 413)] {
      let body = #"{"target":"t","event":"e","eventData":"\#(String(repeating: "x", count: count))"}"#
      #expect(try server.request("POST", "/ipc", token: server.token(), body: body).status == status)
    }
  }

  @Test(
    "a body is JSON, also where it is called a form or nothing",
    arguments: [("Content-Type: application/x-www-form-urlencoded", 200), ("X: y", 200), ("Content-Type: text/plain", 415)])
  func types(_ header: String, _ status: Int) throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    let body = #"{"target":"t","event":"e"}"#
    try client.send(
      "POST /ipc HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\n\(header)\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    #expect(try client.response().status == status)
  }

  @Test(
    "queries of logs",
    arguments: [
      ("?processId=&severity=&nRows=&startTimeStamp=", nil, nil, 100), ("?nRows=0", nil, nil, 100), ("?nRows=-5", nil, nil, 100),
      ("?nRows=7.9", nil, nil, 7), ("?nRows=99999999999999999999", nil, nil, 100), ("?nRows=3&nRows=5", nil, nil, 3),
      ("?severity=warning", nil, .warn, 100), ("?severity=WARN&severity=error", nil, .warn, 100),
      ("?processId=my+process", "my process", nil, 100), ("?processId=..%2F..%2Fetc", "../../etc", nil, 100),
      ("?startTimeStamp=-1&endTimeStamp=99999999999999999999", nil, nil, 100), ("/?nRows=2", nil, nil, 2),
    ] as [(String, String?, APILogSeverity?, Int)])
  func queries(_ query: String, _ process: String?, _ severity: APILogSeverity?, _ count: Int) throws {
    let server = try TestServer()
    defer { server.stop() }
    #expect(try server.request("GET", "/logs\(query)", token: server.token()).status == 200)
    let asked = try #require(server.backend.content.withLock { $0.queries.first })
    #expect(asked.processId == process)
    #expect(asked.severity == severity)
    #expect(asked.count == count)
    #expect(!asked.isKnownProcess)
    if query.hasPrefix("?startTimeStamp") {
      #expect(asked.start == ISODate(milliseconds: 0))
      #expect(asked.end == ISODate(milliseconds: 253_402_300_799_999))
    }
  }

  @Test(
    "paths are taken in any case and with a slash behind them",
    arguments: [
      ("GET", "/processes/", 200), ("GET", "/Processes", 200), ("POST", "/processes/web/start/", 200),
      ("POST", "/PROCESSES/Web/STOP", 200),
      ("GET", "/STATE/", 200), ("GET", "/state//", 404), ("GET", "//", 404),
    ]) func paths(_ method: String, _ path: String, _ status: Int) throws
  {
    let server = try TestServer()
    defer { server.stop() }
    #expect(try server.request(method, path, token: server.token()).status == status)
    #expect(try server.request(method, path, token: server.token(scopes: [])).status == (status == 200 ? 403 : status))
  }

  @Test("OPTIONS says what a path takes") func options() throws {
    let server = try TestServer()
    defer { server.stop() }
    let answer = try server.request("OPTIONS", "/tokens")
    #expect(answer.status == 204)
    #expect(answer.headers["allow"] == "GET, HEAD, POST, OPTIONS")
    #expect(try server.request("OPTIONS", "/nothing").status == 404)
  }

  @Test("frames of events without a payload have none; every body ends with a line break") func shapes() throws {
    let server = try TestServer()
    defer { server.stop() }
    let socket = try WebSocketTests.Socket(server, token: server.token())
    defer { socket.client.close() }
    server.events.publish(.watchdog)
    server.events.publish(.initialized)
    #expect(try socket.text() == #"{"t":"watchdog"}"#)
    #expect(try socket.text() == #"{"t":"init"}"#)
    for path in ["/processes", "/state", "/healthz", "/openapi.json", "/nothing", "/logs", "/metrics"] {
      #expect(try server.request("GET", path, token: server.token()).body.hasSuffix("\n"), "\(path)")
    }
    let process = try server.request("GET", "/processes/web", token: server.token()).json?["data"]?["status"]
    #expect(process?["status"] == 200)
    #expect(process?["state"] == "running")
  }
}
