import PupAPI
import Testing

@Suite("Names of events") struct EventNameTests {
  @Test("those that Pup sends are constants with unique names") func known() {
    let constants: [EventName] = [
      .log, .initialized, .watchdog, .applicationState, .processStatusChanged, .processFlagChanged, .processScheduled,
      .processScheduledTerminate, .processWatch, .processTelemetry, .terminating, .ipc,
    ]
    #expect(EventName.known == constants)
    #expect(constants.allSatisfy { $0.isKnown && EventName(rawValue: $0.rawValue) == $0 })
    #expect(Set(constants).count == constants.count)
    #expect(constants.filter(\.isLiveOnly) == [.watchdog, .applicationState])
  }

  @Test("others are distinguished by their names") func others() {
    let (one, same) = (EventName(rawValue: "plugin_log"), EventName(rawValue: "plugin_" + "log"))
    let other = EventName(rawValue: "plugin_status_changed")
    #expect(one == same && one != other)
    #expect(Set([one, same, other, .log]).count == 3)
    #expect(!one.isKnown && !one.isLiveOnly)
    // Names are compared exactly as on the wire.
    #expect(EventName(rawValue: "LOG") != .log)
  }
}
