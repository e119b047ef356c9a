import PupAPI
import Testing

@Suite("Event payloads") struct EventPayloadTests {
  private let status = ProcessInformation(id: "web", status: .errored, updated: ISODate(milliseconds: 0))
  private let statusText =
    #"{"id":"web","status":400,"state":"failed","blocked":false,"restarts":0,"updated":"1970-01-01T00:00:00.000Z","type":"process"}"#

  @Test("a state change carries numbers and words") func stateChange() {
    #expect(
      EventPayload.processStatusChanged(old: .running, new: .errored, status: status).jsonText
        == #"{"old":200,"new":400,"status":\#(statusText),"processId":"web","oldState":"running","newState":"failed"}"#)
    #expect(
      EventPayload.processStatusChanged(old: nil, new: .created, status: status).jsonText.hasPrefix(#"{"old":null,"new":0,"#))
  }

  @Test("the other shapes") func shapes() {
    var item = LogItem(severity: .warn, category: "stderr", text: "x", processId: "web", timeStamp: 5)
    #expect(
      EventPayload.log(item).jsonText
        == #"{"severity":"warn","category":"stderr","text":"x","processId":"web","timeStamp":5}"#)
    item.event = .processStatusChanged
    #expect(
      EventPayload.log(item).jsonText
        == #"{"severity":"warn","category":"stderr","text":"x","processId":"web","timeStamp":5,"event":"process_status_changed"}"#
    )
    #expect(EventPayload.terminating(milliseconds: 30_000).jsonText == "30000")
    #expect(
      EventPayload.ipc(IPCMessage(sender: "a", target: "b", event: "c", eventData: .bool(false))).jsonText
        == #"{"sender":"a","target":"b","event":"c","eventData":false}"#)
    #expect(
      EventPayload.processScheduled(next: ISODate(milliseconds: 1), status: status).jsonText
        == #"{"next":"1970-01-01T00:00:00.001Z","status":\#(statusText)}"#)
  }

  @Test("a status survives a round trip through JSON") func roundTrip() throws {
    var full = status
    full.code = 1
    full.signal = "SIGTERM"
    full.pid = 9
    full.started = ISODate(milliseconds: 7000)
    full.telemetry = ProcessTelemetry(sender: "web", memory: .init(rss: 4), sent: "now", cwd: "/")
    full.explanation = "why"
    full.strays = [StrayProcess(pid: 7, name: "child")]
    #expect(try ProcessInformation(jsonBytes: full.jsonBytes) == full)
  }
}
