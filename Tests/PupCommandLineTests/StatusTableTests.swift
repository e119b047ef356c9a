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
    let text = StatusTable(processes: processes, now: Self.now, isForTerminal: false).rendered(width: nil, colours: false)
    let rows = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows[0] == ["PROCESS", "STATE", "PID", "UPTIME", "RESTARTS", "CPU", "MEMORY", "NEXT", "BLOCKED", "WHY"])
    #expect(rows[1].prefix(9) == ["web", "running", "42", "3m7s", "3", "0.3%", "11.8M", "-", "-"])
    #expect(rows[2].prefix(2) == ["pool", "mixed"])
    // A pid that is no more is not shown.
    #expect(rows[3].prefix(9) == ["pool-1", "failed", "-", "-", "0", "-", "-", "-", "yes"])
    #expect(rows[4][7] == "2026-11-21T00:01:00.000Z")
    #expect(!text.contains("\t"))
  }

  @Test func forPeopleMembersAreIndented() {
    let table = StatusTable(processes: processes, now: Self.now, isForTerminal: true)
    let text = table.rendered(width: 100, colours: false)
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

  @Test func whyExplainsOneOrEachThatFits() {
    func ids(_ name: String, _ chosen: [ProcessInformation]) -> [String] { WhyCommand.subjects(name, chosen).map(\.id) }
    #expect(ids("POOL", [processes[1], processes[2]]) == ["pool"])
    #expect(ids("p*", [processes[1], processes[2]]) == ["pool-1", "pool"])
  }

  @Test func aSmallWindowKeepsTheSummaryAndCountsRows() {
    let text = "HEAD\na\nb\n    why b\nc\nd\nsummary\n"
    #expect(StatusWatch.fitted(text, footer: "summary\n", height: 7).count == 7)
    #expect(
      StatusWatch.fitted(text, footer: "summary\n", height: 5) == [
        "HEAD", "a", "b", "… 2 more; a larger window shows them", "summary",
      ])
    #expect(StatusWatch.fitted(text, footer: "summary\n", height: 2) == ["HEAD", "a"])
  }

  @Test func whySaysCauseAndNext() {
    var entry = HistoryEntry(
      time: ISODate(milliseconds: Self.now.milliseconds - 60_000), processId: "web", old: .starting, new: .running,
      actor: "cli:ada", cause: "started by hand")
    entry.pid = 42
    var process = processes[0]
    process.nextTerminate = ISODate(milliseconds: Self.now.milliseconds + 3_600_000)
    let text = WhyCommand.text(process, [entry], now: Self.now)
    #expect(text.hasPrefix("web: running since a while\n"))
    #expect(text.contains("by       cli:ada: started by hand"))
    #expect(text.contains("(1m ago)") && text.contains("(in 1h)"))
    #expect(text.contains("starting->running"))
  }
}
