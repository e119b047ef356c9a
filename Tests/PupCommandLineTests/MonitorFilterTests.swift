import PupAPI
import PupRestClient
import Testing

@testable import PupCommandLine

@Suite struct MonitorFilterTests {
  private func filter(_ words: String...) throws -> MonitorCommand.Filter {
    try MonitorCommand.Filter(try ParsedArguments(words, options: MonitorCommand.specification.options))
  }

  private func line(_ category: String, _ text: String, of process: String = "web", sameAs event: EventName?) -> PupEvent {
    let item = LogItem(severity: .log, category: category, text: text, processId: process, timeStamp: 0, event: event)
    return .event(.log(item), id: nil)
  }

  @Test(arguments: [
    ("starting", "starting (cron)"), ("stopping", "stopping (cli:ann)"), ("errored", "failed: exit code 3"),
    ("exhausted", "exhausted: exit code 3, after 2 restarts, which is its limit; start it to try again"),
  ])
  func aNewStateIsToldOnce(_ category: String, _ text: String) throws {
    let line = line(category, text, sameAs: .processStatusChanged)
    #expect(try filter().isToldTwice(line))
    #expect(try filter("--id", "web", "--id", "core").isToldTwice(line))
    // Where its event is not shown, the line is.
    #expect(try !filter("--id", "core").isToldTwice(line))
    #expect(try !filter("--type", "log").isToldTwice(line))
    #expect(try !filter("--severity", "log").isToldTwice(line))
  }

  @Test(arguments: ["block", "unblock"]) func aBlockIsToldOnce(category: String) throws {
    let line = line(category, "blocked (cli:ann)", sameAs: .processFlagChanged)
    #expect(try filter().isToldTwice(line))
    #expect(try !filter("--type", "log").isToldTwice(line))
  }

  @Test(arguments: [
    ("refused", "not started (cron): still running"), ("stopping", "SIGKILL (SIGINT)"),
    ("finished", "run 3 has ended: exit code 1; an older one is alive"), ("api", "listening on 127.0.0.1:49152"),
    ("starting", "nothing"), ("watcher", "app.js changed"),
  ])
  func whatNoEventSaysIsShown(_ category: String, _ text: String) throws {
    #expect(try !filter().isToldTwice(line(category, text, sameAs: nil)))
  }

  @Test func programsSayWhatTheyLike() throws {
    #expect(try !filter().isToldTwice(line("stdout", "finished: exit code 3", sameAs: nil)))
  }
}
