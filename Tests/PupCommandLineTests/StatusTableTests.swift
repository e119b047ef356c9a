import PupAPI
import Testing

@testable import PupCommandLine

@Suite struct StatusTableTests {
  private static let now = ISODate(milliseconds: 1_795_219_200_000)

  static func process(_ id: String, _ state: APIProcessState, _ change: (inout ProcessInformation) -> Void = { _ in })
    -> ProcessInformation
  {
    var process = ProcessInformation(id: id, status: state, updated: now)
    change(&process)
    return process
  }

  private let processes = [
    process("web", .running) {
      $0.pid = 42
      $0.started = ISODate(milliseconds: now.milliseconds - 187_000)
      $0.restarts = 3
      $0.resources = ProcessResources(processes: 2, memory: 12_345_678, cpuSeconds: 1, cpuPercent: 0.25)
      $0.explanation = "running since a while"
    },
    process("pool-1", .errored) {
      $0.cluster = "pool"
      $0.blocked = true
      $0.pid = 7
    },
    process("pool", .mixed) {
      $0.type = .cluster
      $0.members = ["pool-1"]
    },
    process("job", .finished) { $0.nextStart = ISODate(milliseconds: now.milliseconds + 60_000) },
  ]

  @Test func plainColumnsAreWords() {
    let text = StatusTable(processes: processes, now: Self.now, isForTerminal: false).rendered(width: nil, colours: false).text
    let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows[0] == ["PROCESS", "STATE", "PID", "UPTIME", "RESTARTS", "CPU", "MEMORY", "NEXT", "BLOCKED", "WHY"])
    #expect(rows[1].prefix(9) == ["web", "running", "42", "3m7s", "3", "0.3%", "11.8M", "-", "-"])
    #expect(rows[2].prefix(2) == ["pool", "mixed"])
    // A pid that is no more is not shown.
    #expect(rows[3].prefix(9) == ["pool-1", "failed", "-", "-", "0", "-", "-", "-", "yes"])
    #expect(rows[4][7] == "2026-11-21T00:01:00.000Z")
    #expect(!text.contains("\t"))
  }

  @Test func whatHasNoPidYetHasNoUptime() {
    let earlier = ISODate(milliseconds: Self.now.milliseconds - 187_000)
    func uptime(_ state: APIProcessState, pid: Int32?) -> String {
      var process = Self.process("web", state)
      (process.pid, process.started) = (pid, earlier)
      let text = StatusTable(processes: [process], now: Self.now, isForTerminal: false).rendered(width: nil, colours: false).text
      return text.split(separator: "\n")[1].split(separator: " ").map(String.init)[3]
    }
    // It began when the run before did.
    #expect(uptime(.starting, pid: nil) == "-" && uptime(.stopping, pid: nil) == "-")
    // While the rest of its tree ends, it runs.
    #expect(uptime(.running, pid: 42) == "3m7s" && uptime(.running, pid: nil) == "3m7s" && uptime(.stopping, pid: 42) == "3m7s")
    #expect(uptime(.finished, pid: nil) == "-")
  }

  @Test func forPeopleMembersAreIndented() {
    let table = StatusTable(processes: processes, now: Self.now, isForTerminal: true)
    let text = table.rendered(width: 100, colours: false).text
    #expect(text.contains("\n  pool-1 ") && text.contains("in 1m"))
    #expect(table.summary == "3 processes: 1 running, 1 finished, 1 failed, 1 blocked")
  }

  @Test func selections() throws {
    func ids(_ patterns: String...) throws -> [String] { try ProcessSelection(patterns).of(processes).map(\.id) }
    #expect(try ids() == ["web", "pool-1", "pool", "job"])
    #expect(try ids("WEB", "job") == ["web", "job"])
    #expect(try ids("pool") == ["pool-1", "pool"])
    #expect(try ids("*o*") == ["pool-1", "pool", "job"])
    #expect(try ids("[jw]*") == ["web", "job"])
    #expect(try ProcessSelection(["all"]).leaves(of: processes).map(\.id) == ["web", "pool-1", "job"])
    do throws(CommandFailure) {
      _ = try ProcessSelection(["wbe"]).of(processes)
      Issue.record("wbe is no process")
    } catch {
      #expect(error.code == 66 && error.message.contains("did you mean 'web'"))
    }
    #expect(throws: CommandFailure.self) { try ProcessSelection(["x*"]).of(processes) }
    #expect(throws: CommandFailure.self, "a slip beside `all` is one") { try ProcessSelection(["all", "nope"]).of(processes) }
  }

  @Test func whyExplainsThoseThatAreNamedAndEachThatFits() throws {
    func ids(_ names: String...) throws(CommandFailure) -> [String] { try WhyCommand.subjects(names, of: processes).map(\.id) }
    #expect(try ids("POOL") == ["pool"])
    #expect(try ids("p*") == ["pool-1", "pool"])
    // In the order of the listing, each once.
    #expect(try ids("job", "web", "JOB") == ["web", "job"])
    #expect(try ids("pool", "w*") == ["web", "pool"])
    #expect(try ids("all") == processes.map(\.id))
    #expect(throws: CommandFailure.self) { try ids("web", "wbe") }
    #expect(throws: CommandFailure.self) { try ids("web", "x*") }
  }

  private func running(_ id: String) -> ProcessInformation {
    Self.process(id, .running) {
      $0.pid = 16_800
      $0.started = ISODate(milliseconds: Self.now.milliseconds - 11_100_000)
      $0.resources = ProcessResources(processes: 1, memory: 123_456_789, cpuSeconds: 1, cpuPercent: 12.5)
      $0.explanation = "running: pid 16800, started by boss"
    }
  }

  @Test func whatRunsIsOneLineAtEightyColumns() {
    var failed = Self.process("job", .errored)
    failed.explanation = "failed: exit code 3; restarts in 3 s (restart policy always, restart 1)"
    for width in [80, 70, 60] {
      let table = StatusTable(processes: [running("web"), running("worker-1"), failed], now: Self.now, isForTerminal: true)
      let lines = table.rendered(width: width, colours: false).lines.map(\.text)
      #expect(lines.allSatisfy { $0.count <= width })
      #expect(lines.count { $0.contains("running") } == 2 && lines.firstIndex { $0.hasPrefix("job") } == 3, "\(lines)")
    }
    // What is not as it should be says why, without repeating the state.
    let text = StatusTable(processes: [running("web"), failed], now: Self.now, isForTerminal: true)
      .rendered(width: 60, colours: false).text
    #expect(text.contains("\n    exit code 3; restarts in 3 s"))
  }

  @Test func stateAndPidAreNotRepeated() {
    #expect(StatusTable.reason(running("web")) == "started by boss")
    #expect(StatusTable.reason(Self.process("x", .created) { $0.explanation = "created: not started yet" }) == "not started yet")
    #expect(StatusTable.reason(Self.process("x", .created)) == nil)
  }

  @Test func aLongIdLeavesTheOthersTheirRoom() {
    let long = "a-service-with-a-name-of-64-characters-that-is-allowed-and-used-1"
    let lines = StatusTable(processes: [running(long)], now: Self.now, isForTerminal: true)
      .rendered(width: 80, colours: false).lines.map(\.text)
    #expect(lines.count == 2 && lines[1].contains("118M") && lines[1].contains("12.5%"), "\(lines)")
    #expect(lines[1].hasPrefix("a-service-") && lines[1].contains("…") && lines[1].contains("used-1 "))
    let whole = StatusTable(processes: [running(long)], now: Self.now, isForTerminal: false).rendered(width: nil, colours: false)
    #expect(whole.text.contains(long))
  }

  @Test func rowsAreSorted() {
    var table = StatusTable(processes: processes, now: Self.now, isForTerminal: true)
    func ids() -> [String] {
      table.rendered(width: nil, colours: false).lines.dropFirst().map { String($0.text.prefix { $0 != " " }) }
    }
    table.order = .name
    #expect(ids() == ["job", "pool-1", "web"])
    for order in [StatusTable.Order.cpu, .memory, .restarts] {
      table.order = order
      #expect(ids() == ["web", "pool-1", "job"])
    }
  }

  @Test func whySaysCauseAndNext() {
    var entry = HistoryEntry(
      time: ISODate(milliseconds: Self.now.milliseconds - 60_000), processId: "web", old: .starting, new: .running,
      actor: "cli:ada", cause: "started by hand")
    entry.pid = 42
    var process = processes[0]
    process.nextTerminate = ISODate(milliseconds: Self.now.milliseconds + 3_600_000)
    let text = WhyCommand.text(process, [entry], now: Self.now).text
    #expect(text.hasPrefix("web: running since a while\n"))
    #expect(text.contains("by       cli:ada: started by hand"))
    #expect(text.contains("(1m ago)") && text.contains("(in 1h)"))
    #expect(text.contains("starting->running"))
  }
}
