import PupAPI
import PupTokens
import Testing

@testable import PupEvents

@Suite("Kinds of events") struct EventNamesTests {
  private let strange = EventName(rawValue: "plugin_log")

  @Test("these, and all but these") func contains() {
    #expect(EventNames([.log]).contains(.log) && !EventNames([.log]).contains(.ipc))
    #expect(EventNames.all.contains(.log) && EventNames.all.contains(strange))
    #expect(!EventNames.allBut([.log]).contains(.log) && EventNames.allBut([.log]).contains(strange))
    #expect(EventFilter.ordinary.contains(strange) && !EventFilter.ordinary.contains(.applicationState))
  }

  @Test("whether one has all that another one has")
  func supersets() {
    let few: EventNames = [.log]
    #expect(few.isSuperset(of: []) && few.isSuperset(of: few) && !few.isSuperset(of: [.ipc]) && !few.isSuperset(of: .all))
    #expect(EventNames.all.isSuperset(of: .all) && EventNames.all.isSuperset(of: few))
    #expect(!EventNames.allBut([.log]).isSuperset(of: few) && EventNames.allBut([.ipc]).isSuperset(of: few))
    #expect(EventNames.all.isSuperset(of: .allBut([.log])) && !EventNames.allBut([.log]).isSuperset(of: .all))
    #expect(!EventNames.allBut([.log]).isSuperset(of: .allBut([.ipc])))
  }

  @Test(
    "a kind that nobody here knows needs what changes of state need",
    arguments: [
      (TokenScope.read, [true, false, false, true]), (.logs, [false, true, false, false]), (.ipc, [false, false, true, false]),
      (.admin, [true, true, true, true]), (.control, [false, false, false, false]),
    ])
  func limits(_ scope: TokenScope, _ expected: [Bool]) {
    let kinds: [EventName] = [.processWatch, .log, .ipc, strange]
    for names in [EventNames.all, EventFilter.ordinary, EventNames(kinds)] {
      let allowed = EventFilter(names: names).limited(to: [scope]).names
      #expect(kinds.map(allowed.contains) == expected)
    }
    #expect(!EventFilter(names: [.log]).limited(to: [scope]).names.contains(strange))
  }

  @Test("an event of a kind that nobody here knows is kept, and comes to those who asked for no kinds") func restored() {
    let kept = [
      EventRecord(name: .processWatch, sequence: 4, processId: nil, severity: nil, json: Array("{}".utf8)),
      EventRecord(name: strange, sequence: 5, processId: nil, severity: nil, json: Array("{}".utf8)),
    ]
    let bus = EventBus(epoch: "e", last: 5, restored: kept)
    func names(_ filter: EventFilter) -> [EventName] {
      var cursor = bus.cursor(after: EventID(epoch: "e", sequence: 3))
      return bus.read(&cursor, filter, limit: 1000).records.map(\.name)
    }
    #expect(names(EventFilter()) == [.processWatch, strange])
    #expect(names(EventFilter(names: [strange])) == [strange])
    #expect(names(EventFilter(names: [.processWatch])) == [.processWatch])
    #expect(names(EventFilter().limited(to: [.logs])).isEmpty)
  }
}
