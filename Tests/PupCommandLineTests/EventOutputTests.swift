import PupAPI
import PupRestClient
import Testing

@testable import PupCommandLine

@Suite struct EventOutputTests {
  private let now = ISODate(milliseconds: 1_795_219_200_000)
  private let log = PupEvent.event(
    .log(
      LogItem(severity: .error, category: "stderr", text: "it \u{1B}[2J broke", processId: "web", timeStamp: 1_795_219_200_123)),
    id: EventID(epoch: "e", number: 17))

  private func change() -> PupEvent {
    var status = ProcessInformation(id: "web", status: .errored, updated: now)
    status.explanation = "ended with code 3"
    return .event(.processStatusChanged(old: .running, new: .errored, status: status), id: EventID(epoch: "e", number: 18))
  }

  @Test func linesForPeople() {
    var output = EventOutput(.long, isTerminal: true, colours: false)
    #expect(output.line(log, now: now)?.text == "2026-11-21T00:00:00.123Z [ERROR] [web:stderr] it ^[[2J broke\n")
    #expect(
      output.line(change(), now: now)?.text
        == "2026-11-21T00:00:00.000Z [EVENT] [web:process_status_changed] running -> failed: ended with code 3\n")
    let lost = PupEvent.lost(LostEvents(from: 3, to: 5, count: 3, reason: .server))
    #expect(output.line(lost, now: now)?.text.contains("[LOST] 3 events (3 to 5) can no longer") == true)
    #expect(
      EventOutput.words(LostEvents(from: nil, to: 9, count: nil, reason: .server)).contains("unknown number of events (up to 9)"))
    #expect(output.line(.connected, now: now)?.text == nil)
    #expect(output.line(.other(name: "closed", data: [:], id: nil), now: now)?.text == nil)
    #expect(output.line(.event(.terminating(milliseconds: 30_000), id: nil), now: now)?.text.contains("within 30s") == true)
  }

  /// Events come another way than lines, and later.
  @Test func changesStandAtTheirOwnTime() {
    let later = ISODate(milliseconds: now.milliseconds + 250)
    var plain = EventOutput(.long, isTerminal: true, colours: false)
    #expect(plain.line(change(), now: later)?.text.hasPrefix("2026-11-21T00:00:00.000Z ") == true)
    var coloured = EventOutput(.long, isTerminal: true, colours: true)
    #expect(
      coloured.line(change(), now: later)?.text.hasSuffix("\u{1B}[31mrunning -> failed: ended with code 3\u{1B}[0m\n") == true)
  }

  /// A new supervisor counts on far behind the old one.
  @Test func anUnknownNumberHasNoEnd() {
    let words = EventOutput.words(LostEvents(from: 83, to: 65_538, count: nil, reason: .server))
    #expect(words.contains("unknown number of events (from 83 on)"))
  }

  @Test func everyLineIsJSON() throws {
    var output = EventOutput(.json, isTerminal: false)
    let events: [PupEvent] = [
      log, change(), .connected, .disconnected(PupError(.notReachable, "gone")), .event(.initialized, id: nil),
      .lost(LostEvents(from: nil, to: nil, count: nil, reason: .slowReader)), .other(name: "new", data: [1, "x"], id: nil),
      .event(.terminating(milliseconds: 5), id: nil),
    ]
    for event in events {
      let line = try #require(output.line(event, now: now)?.text)
      #expect(line.hasSuffix("}\n") && !line.dropLast().contains("\n"))
      let value = try JSONValue(parsing: Array(line.utf8))
      #expect(value["event"]?.stringValue?.isEmpty == false)
    }
    let first = try JSONValue(parsing: Array(try #require(output.line(log, now: now)?.text).utf8))
    #expect(first["id"] == "e-17" && first["data"]?["processId"] == "web")
  }
}
