import Glibc
import PupAPI
import Synchronization
import Testing

@testable import PupRestClient

@Suite(.timeLimit(.minutes(5))) struct TelemetryTests {
  private func environment(_ server: ScriptedServer, id: String = "Web") -> [String: String] {
    [
      "PUP_PROCESS_ID": id, "PUP_API_HOSTNAME": "127.0.0.1", "PUP_API_PORT": String(server.port), "PUP_API_TOKEN": "own",
    ]
  }

  private func begin(_ environment: [String: String], interval: Duration = .seconds(1)) -> PupTelemetry {
    PupTelemetry(interval: interval, environment: environment, options: Samples.options)
  }

  @Test func memoryIsReportedAgainAndAgain() async throws {
    let (twice, count) = (Signal(), Counter())
    let server = try ScriptedServer { _, connection in
      connection.answer(#"{"data":{}}"#)
      if count.next() == 1 { twice.give() }
    }
    let telemetry = begin(environment(server))
    defer { telemetry.close() }
    await twice.wait()
    #expect(telemetry.processId == "Web")
    #expect(telemetry.status == .active)
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/telemetry")
    #expect(request.headers["authorization"] == "Bearer own")
    let report = try ProcessTelemetry(jsonBytes: Array(request.body.utf8))
    #expect(report.sender == "Web")
    #expect(report.memory.rss > 1_000_000)
    #expect(report.memory.heapUsed > 0 && report.memory.heapUsed <= report.memory.rss)
    #expect(report.memory.heapTotal > report.memory.heapUsed / 2)
    #expect(ISODate(text: report.sent) != nil)
    #expect(report.cwd.hasPrefix("/"))
  }

  @Test(arguments: [
    (Duration.milliseconds(1), Duration.seconds(1)), (.seconds(-3), .seconds(1)), (.seconds(5), .seconds(5)),
    (.seconds(9999), .seconds(180)),
  ])
  func intervalsHaveBounds(_ wanted: Duration, _ used: Duration) { #expect(begin([:], interval: wanted).interval == used) }

  @Test(arguments: [
    ([:], "does not run under Pup"), (["PUP_PROCESS_ID": ""], "does not run under Pup"),
    (["PUP_PROCESS_ID": "web", "PUP_API_HOSTNAME": "127.0.0.1", "PUP_API_PORT": "1"], "no token"),
    (["PUP_PROCESS_ID": "web", "PUP_API_TOKEN": "t"], "no interface"),
    (["PUP_PROCESS_ID": "web", "PUP_API_TOKEN": "t", "PUP_API_HOSTNAME": "h", "PUP_API_PORT": "x"], "port"),
    (["PUP_PROCESS_ID": "web", "PUP_API_TOKEN": "sec ret", "PUP_API_HOSTNAME": "h", "PUP_API_PORT": "1"], "token"),
  ])
  func withoutPupItDoesNothing(_ environment: [String: String], _ word: String) async throws {
    let telemetry = begin(environment)
    guard case .inactive(let reason) = telemetry.status else {
      Issue.record("\(telemetry.status)")
      return
    }
    #expect(reason.contains(word))
    #expect(!reason.contains("sec ret"))
    let subscription = telemetry.on("x") { _ in Issue.record("nobody can have sent this") }
    try await telemetry.emit("b", "c", false)
    telemetry.off(subscription)
    telemetry.close()
    #expect(telemetry.status == .inactive(reason: reason))
  }

  @Test func messagesForThisProgramCome() async throws {
    let messages = [
      IPCMessage(sender: "a", target: "other", event: "go", eventData: 1),
      IPCMessage(sender: "a", target: "web", event: "stay", eventData: 2),
      IPCMessage(sender: "telemetry-a", target: "web", event: "go", eventData: ["n": 3]),
      IPCMessage(sender: "a", target: "WEB", event: "go", eventData: nil),
    ]
    let server = try ScriptedServer { request, connection in
      if request.method == "POST" { return connection.answer(#"{"data":{}}"#) }
      connection.beginEvents()
      connection.chunk(messages.enumerated().map { Samples.frame(.ipc($1), id: "e-\($0 + 1)") }.joined())
      connection.waitForEnd()
    }
    let telemetry = begin(environment(server))
    defer { telemetry.close() }
    let got = Mutex<[IPCMessage]>([])
    let (done, unwanted) = (Signal(), Counter())
    telemetry.off(telemetry.on("stay") { _ in unwanted.next() })
    telemetry.on("go") { message in
      let count = got.withLock { got in
        got.append(message)
        return got.count
      }
      if count == 2 { done.give() }
    }
    await done.wait()
    #expect(got.withLock { $0 } == Array(messages[2...]))
    #expect(unwanted.value == 0)
    // A program's token may not read any other kind.
    #expect(server.requests.first { $0.method == "GET" }?.path == "/events")
    let streams = server.requests.filter { $0.method == "GET" }.map(\.target)
    #expect(streams.allSatisfy { $0 == "/events?types=ipc" })
  }

  @Test func messagesAreSent() async throws {
    let server = try ScriptedServer { $1.answer(#"{"data":{}}"#) }
    let telemetry = begin(environment(server))
    defer { telemetry.close() }
    try await telemetry.emit("other", "go", false)
    let request = try #require(server.requests.first { $0.target == "/ipc" })
    #expect(request.body == #"{"sender":"","target":"other","event":"go","eventData":false}"#)
    telemetry.close()
    #expect(telemetry.status == .closed)
    try await telemetry.emit("other", "go", false)
    #expect(server.requests.filter { $0.target == "/ipc" }.count == 1)
  }

  @Test func whatGoesWrongIsTold() async throws {
    // The outcome of a report is known when the next one arrives.
    let made = Mutex<PupTelemetry?>(nil)
    let statuses = Mutex<[PupTelemetry.Status]>([])
    let third = Signal()
    let server = try ScriptedServer { _, connection in
      guard let status = made.withLock({ $0?.status }) else { return connection.close() }
      let count = statuses.withLock { statuses in
        statuses.append(status)
        return statuses.count
      }
      if count == 1 { return connection.answer(401, #"{"error":"Revoked token"}"#) }
      connection.answer(#"{"data":{}}"#)
      if count == 3 { third.give() }
    }
    // Locked during initialization, so that no report arrives before it is stored.
    let telemetry = made.withLock { made in
      let telemetry = begin(environment(server))
      made = telemetry
      return telemetry
    }
    defer {
      telemetry.close()
      made.withLock { $0 = nil }
    }
    await third.wait()
    #expect(statuses.withLock { $0.prefix(3) } == [.active, .failing(PupError(.unauthorized, "Revoked token")), .active])
  }

  @Test func theSocketIsDialled() async throws {
    let path = "/tmp/pup-telemetry-\(getpid())-\(UInt32.random(in: 0..<(.max))).sock"
    let arrived = Signal()
    let server = try ScriptedServer(socketPath: path) { _, connection in
      connection.answer(#"{"data":{}}"#)
      arrived.give()
    }
    var variables = environment(server)
    (variables["PUP_API_PORT"], variables["PUP_API_SOCKET"]) = ("1", path)
    let telemetry = begin(variables)
    await arrived.wait()
    telemetry.close()
    #expect(server.requests.first?.headers["host"] == "127.0.0.1:1")
    (variables["PUP_API_PORT"], variables["PUP_API_HOSTNAME"]) = (nil, nil)
    #expect(try ProgramEnvironment(variables).address == "unix://\(path)")
    (variables["PUP_API_PORT"], variables["PUP_API_HOSTNAME"]) = ("7", "::1")
    #expect(try ProgramEnvironment(variables).address == "[::1]:7")
  }

  @Test func reportsEndWithTheObject() async throws {
    let arrived = Signal()
    let server = try ScriptedServer { _, connection in
      arrived.give()
      connection.waitForEnd()
    }
    weak var gone: PupTelemetry?
    do {
      let telemetry = begin(environment(server))
      gone = telemetry
      await arrived.wait()
    }
    #expect(gone == nil)
  }

  @Test func theKernelsWordsAreRead() {
    let status = """
      Name:\ta:b
      VmRSS:\t    4000 kB
      RssAnon:\t    1000 kB
      RssFile:\t    2500 kB
      RssShmem:\t     500 kB
      VmData:\t    9000 kB
      Threads:\t7
      """
    let memory = ProcessMemory.parse(status: status)
    let expected = ProcessTelemetry.Memory(external: 3_072_000, heapTotal: 9_216_000, heapUsed: 1_024_000, rss: 4_096_000)
    #expect(memory == expected)
    let none = ProcessTelemetry.Memory()
    #expect(ProcessMemory.parse(status: "") == none)
    #expect(ProcessMemory.parse(status: "VmRSS: x kB\nVmRSS\nRssAnon:") == none)
  }
}
