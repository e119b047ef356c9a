import PupAPI
import Testing

@testable import PupCommandLine

@Suite struct HistoryTableTests {
  private static let reason = "could not be started: PATH has no program `nothing`; install it, or correct the command (cwd /srv)"

  private func entry(_ cause: String, _ state: APIProcessState = .errored, of process: String = "web") -> HistoryEntry {
    HistoryEntry(
      time: ISODate(milliseconds: 1_795_219_200_000), processId: process, old: .starting, new: state, actor: "autostart",
      cause: cause)
  }

  private func causes(_ table: HistoryTable) -> [String] {
    table.rendered(width: nil, colours: false).text.split(separator: "\n").dropFirst().map { line in
      line.split(separator: "autostart  ").last.map(String.init) ?? ""
    }
  }

  @Test func aLongReasonIsToldOnce() {
    let entries = [
      entry("failed: \(Self.reason); restarts in 3 s (restart policy always, restart 1 of 2)"),
      entry("starting: requested by the restart policy", .starting),
      entry("failed: \(Self.reason); restarts in 3 s (restart policy always, restart 2 of 2)"),
      entry("failed: \(Self.reason)", of: "other"), entry("failed: \(Self.reason)"),
      entry("exhausted: \(Self.reason), after 2 restarts, which is its limit; start it to try again", .exhausted),
    ]
    #expect(
      causes(HistoryTable(entries: entries)) == [
        entries[0].cause, entries[1].cause, "failed: as above; restarts in 3 s (restart policy always, restart 2 of 2)",
        entries[3].cause, "failed: as above", "exhausted: as above, after 2 restarts, which is its limit; start it to try again",
      ])
  }

  @Test func shortOrOtherReasonsAreTold() {
    let short = ["failed: exit code 3", "failed: exit code 3", "odd", ""]
    #expect(causes(HistoryTable(entries: short.map { entry($0) })).prefix(3) == short.prefix(3))
    let other = Self.reason.replacing("nothing", with: "another")
    #expect(
      causes(HistoryTable(entries: [entry("failed: \(Self.reason)"), entry("failed: \(other)")])).last == "failed: \(other)")
  }

  @Test func whyTellsItInItsHeadline() {
    var process = ProcessInformation(id: "web", status: .errored, updated: ISODate(milliseconds: 1_795_219_200_000))
    process.explanation = "failed: \(Self.reason); restarts in 1.2 s (restart policy always, restart 1)"
    let history = [entry("failed: \(Self.reason); restarts in 3 s (restart policy always, restart 1)")]
    let text = WhyCommand.text(process, history, now: process.updated).text
    #expect(text.split(separator: "PATH has no program").count == 2, "\(text)")
    #expect(text.contains("  by       autostart\n"))
    #expect(text.contains("failed: as above; restarts in 3 s"))
  }
}
