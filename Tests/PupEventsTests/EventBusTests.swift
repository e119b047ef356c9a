import PupAPI
import PupTokens
import Synchronization
import Testing

@testable import PupEvents

@Suite("Event bus") struct EventBusTests {
  private func line(_ number: Int, process: String = "web", _ severity: APILogSeverity = .log) -> EventPayload {
    .log(LogItem(severity: severity, category: "stdout", text: "\(number)", processId: process, timeStamp: 0))
  }

  private func message(_ number: Int) -> EventPayload {
    let moment = ISODate(milliseconds: Int64(number))
    return .processWatch(at: moment, path: "/", status: ProcessInformation(id: "other", status: .running, updated: moment))
  }

  private func drain(_ bus: EventBus, _ cursor: inout EventCursor, _ filter: EventFilter = .init()) -> ([UInt64], [LostEvents]) {
    var numbers: [UInt64] = []
    var lost: [LostEvents] = []
    while true {
      let batch = bus.read(&cursor, filter, limit: 200)
      if batch.isEmpty { return (numbers, lost) }
      numbers += batch.records.map(\.sequence)
      if let gap = batch.lost { lost.append(gap) }
    }
  }

  @Test("readers see every event once and in order, from both rings") func order() {
    let bus = EventBus(epoch: "e", last: 100)
    var early = bus.cursorAtEnd()
    for number in 0..<50 { bus.publish(number % 3 == 0 ? message(number) : line(number)) }
    #expect(drain(bus, &early).0 == Array(101...150))
    var resumed = bus.cursor(after: EventID(epoch: "e", sequence: 130))
    let (numbers, lost) = drain(bus, &resumed)
    #expect(numbers == Array(131...150))
    #expect(lost.isEmpty)
  }

  /// The supervisor starts programs, and tells so, before there is a listener.
  @Test("what was published before anybody listened does not keep later events from being told") func early() {
    let bus = EventBus(epoch: "e")
    bus.publish(message(1))
    let wakes = Mutex(0)
    bus.onPublish { wakes.withLock { $0 += 1 } }
    for number in 2...5 { bus.publish(message(number)) }
    #expect(wakes.withLock { $0 } == 1)
    bus.startPass()
    bus.publish(message(6))
    #expect(wakes.withLock { $0 } == 2)
    // Listeners that end and come again.
    bus.onPublish(nil)
    bus.publish(message(7))
    bus.onPublish { wakes.withLock { $0 += 1 } }
    bus.publish(message(8))
    #expect(wakes.withLock { $0 } == 3)
  }

  @Test("a slow reader is told what it lost, once") func loss() {
    var limits = EventBus.Limits()
    limits.bulkEvents = 10
    let bus = EventBus(epoch: "e", limits: limits)
    var slow = bus.cursorAtEnd()
    var uninterested = slow
    bus.publish(message(0))
    for number in 0..<30 { bus.publish(line(number)) }
    let (numbers, lost) = drain(bus, &slow)
    #expect(numbers == [1] + Array(22...31), "state changes survive a flood of lines")
    #expect(lost == [LostEvents(from: 1, to: 21, count: 20)])
    #expect(drain(bus, &uninterested, EventFilter(names: [.processWatch])).1.isEmpty)
    var resumed = bus.cursor(after: EventID(epoch: "e", sequence: 5))
    #expect(drain(bus, &resumed).1 == [LostEvents(from: 6, to: 21, count: 16)])
  }

  @Test(
    "who comes from another epoch, or from the future, is told so and gets what is there",
    arguments: [EventID(epoch: "old", sequence: 3), EventID(epoch: "e", sequence: 1000)])
  func strangers(_ id: EventID) {
    let bus = EventBus(epoch: "e", last: 10)
    for number in 0..<5 { bus.publish(line(number)) }
    var cursor = bus.cursor(after: id)
    let (numbers, lost) = drain(bus, &cursor)
    #expect(numbers == Array(11...15))
    #expect(lost == [LostEvents(from: nil, to: 10, count: nil)])
  }

  @Test("state events of a brain before this one can be read on") func restored() {
    let kept = [7, 9, 10].map { number in
      EventRecord(name: .processWatch, sequence: number, processId: nil, severity: nil, json: Array("{}".utf8))
    }
    let bus = EventBus(epoch: "e", last: 12, restored: kept)
    bus.publish(message(1))
    let states = EventFilter(names: [.processWatch])
    var cursor = bus.cursor(after: EventID(epoch: "e", sequence: 7))
    let (numbers, lost) = drain(bus, &cursor, states)
    #expect(numbers == [9, 10, 13])
    #expect(lost.isEmpty)
    var early = bus.cursor(after: EventID(epoch: "e", sequence: 3))
    #expect(drain(bus, &early, states).1 == [LostEvents(from: 4, to: 6, count: nil)])
    var withLines = bus.cursor(after: EventID(epoch: "e", sequence: 9))
    #expect(drain(bus, &withLines).1 == [LostEvents(from: 10, to: 12, count: nil)])
  }

  private func items(_ numbers: Range<Int>) -> [LogItem] {
    numbers.map { LogItem(severity: .log, category: "stdout", text: "\($0)", processId: "web", timeStamp: 0) }
  }

  @Test("lines that were left out are told where they would have stood") func droppedLines() {
    let bus = EventBus(epoch: "e")
    let lines = EventFilter(names: [.log])
    bus.join(lines.names)
    var cursor = bus.cursorAtEnd()
    var other = cursor
    bus.publish(lines: items(0..<3), of: "web", dropped: 10)
    bus.publish(message(1))
    bus.publish(lines: items(3..<5), of: "web", dropped: 0)
    let first = bus.read(&cursor, lines, limit: 10_000)
    #expect(first.lost == nil && first.records.map(\.sequence) == [1, 2, 3])
    let second = bus.read(&cursor, lines, limit: 10_000)
    #expect(second.lost == LostEvents(from: 4, to: 4, count: 10) && second.records.map(\.sequence) == [6, 7])
    #expect(drain(bus, &other, EventFilter(names: [.log], processIds: ["db"])).1.isEmpty)
  }

  @Test("state events that a brain before this one could not keep are told as lost") func unstored() {
    let kept = [(7, 0), (12, 4), (13, 0)].map { number, lost in
      EventRecord(
        name: .processWatch, sequence: UInt64(number), processId: nil, severity: nil, json: Array("{}".utf8),
        lostBefore: UInt64(lost))
    }
    let bus = EventBus(epoch: "e", last: 13, restored: kept)
    var cursor = bus.cursor(after: EventID(epoch: "e", sequence: 6))
    let (numbers, lost) = drain(bus, &cursor, EventFilter(names: [.processWatch]))
    #expect(numbers == [7, 12, 13] && lost == [LostEvents(from: 8, to: 11, count: 4)])
  }

  @Test("lines get numbers only while somebody follows them, and who resumes behind such a time is told") func unwantedLines() {
    let bus = EventBus(epoch: "e")
    bus.publish(message(1))
    bus.publish(lines: items(0..<100), of: "web", dropped: 0)
    #expect(bus.last.sequence == 1)
    bus.join([.log])
    var fresh = bus.cursorAtEnd()
    var resumed = bus.cursor(after: EventID(epoch: "e", sequence: 1))
    bus.publish(lines: items(0..<1), of: "web", dropped: 0)
    #expect(drain(bus, &fresh).0 == [3] && drain(bus, &fresh).1.isEmpty)
    let (numbers, lost) = drain(bus, &resumed)
    #expect(numbers == [3] && lost == [LostEvents(from: 2, to: 2, count: nil)], "one number for 100 lines")
    bus.leave([.log])
    bus.publish(lines: items(1..<2), of: "web", dropped: 0)
    #expect(bus.last.sequence == 4, "a reader that was cut may come back")
  }

  @Test("numbers that a supervisor before this one had reserved are not counted as events") func reservedNumbers() {
    let bus = EventBus(epoch: "e", last: 65_536)
    bus.publish(lines: items(0..<100), of: "web", dropped: 0)
    bus.join([.log])
    var resumed = bus.cursor(after: EventID(epoch: "e", sequence: 50))
    bus.publish(lines: items(0..<1), of: "web", dropped: 0)
    let (numbers, lost) = drain(bus, &resumed)
    #expect(numbers == [65_538] && lost == [LostEvents(from: 51, to: 65_537, count: nil)])
  }

  @Test("numbers that nobody can show are told as lost, between the events around them") func uncertain() {
    let kept = [7, 9].map { number in
      EventRecord(name: .processWatch, sequence: number, processId: nil, severity: nil, json: Array("{}".utf8))
    }
    let bus = EventBus(epoch: "e", last: 20, restored: kept, uncertain: 10..<21)
    let states = EventFilter(names: [.processWatch])
    var early = bus.cursor(after: EventID(epoch: "e", sequence: 7))
    #expect(bus.read(&early, states, limit: 1000).records.map(\.sequence) == [9])
    let second = bus.read(&early, states, limit: 1000)
    #expect(second.records.isEmpty && second.lost == LostEvents(from: 10, to: 20, count: nil))
    bus.publish(message(1))
    #expect(drain(bus, &early, states).0 == [21])
    var within = bus.cursor(after: EventID(epoch: "e", sequence: 15))
    let rest = drain(bus, &within, states)
    #expect(rest.0 == [21] && rest.1 == [LostEvents(from: 16, to: 20, count: nil)])
    var atEnd = bus.cursor(after: EventID(epoch: "e", sequence: 20))
    #expect(drain(bus, &atEnd, states).1.isEmpty)
    var lines = bus.cursor(after: EventID(epoch: "e", sequence: 8))
    #expect(drain(bus, &lines).1 == [LostEvents(from: 9, to: 20, count: nil)])
  }

  @Test("the rings are bounded in bytes") func bytes() {
    var limits = EventBus.Limits()
    limits.bytes = 1000
    let bus = EventBus(epoch: "e", limits: limits)
    var cursor = bus.cursorAtEnd()
    for number in 0..<100 { bus.publish(line(number)) }
    let (numbers, lost) = drain(bus, &cursor)
    #expect(numbers.count < 20)
    #expect(UInt64(numbers.count) + (lost.first?.count ?? 0) == 100)
  }

  @Test("live-only events have no number and are not replayed") func liveOnly() {
    let bus = EventBus(epoch: "e")
    var cursor = bus.cursorAtEnd()
    bus.publish(message(1))
    bus.publish(.watchdog)
    bus.publish(message(2))
    #expect(drain(bus, &cursor).0 == [1, 1, 2])
    var resumed = bus.cursor(after: EventID(epoch: "e", sequence: 1))
    #expect(drain(bus, &resumed).0 == [2])
  }

  @Test("filters") func filters() {
    let bus = EventBus(epoch: "e")
    let start = bus.cursorAtEnd()
    bus.publish(line(1, process: "Web", .error))
    bus.publish(line(2, process: "db", .error))
    bus.publish(line(3, process: "web", .info))
    bus.publish(message(4))
    func numbers(_ filter: EventFilter) -> [UInt64] {
      var cursor = start
      return drain(bus, &cursor, filter).0
    }
    #expect(numbers(EventFilter(processIds: ["web"])) == [1, 3])
    #expect(numbers(EventFilter(severity: .warn)) == [1, 2, 4])
    #expect(numbers(EventFilter().limited(to: [.read])) == [4])
    #expect(numbers(EventFilter().limited(to: [.logs])) == [1, 2, 3])
    #expect(numbers(EventFilter().limited(to: [.admin])) == [1, 2, 3, 4])
  }

  @Test("numbers are reserved before they are used") func reservation() {
    var limits = EventBus.Limits()
    limits.block = 10
    let reserved = Reserved()
    let bus = EventBus(epoch: "e", last: 5, limits: limits) { reserved.append($0) }
    for number in 0..<40 {
      let id = bus.publish(message(number))
      #expect((reserved.numbers.last ?? 0) >= id.sequence)
    }
    #expect(reserved.numbers == [15, 25, 35, 45, 55])
  }

  private final class Reserved: Sendable {
    private let list = Mutex<[UInt64]>([])
    var numbers: [UInt64] { list.withLock { $0 } }
    func append(_ number: UInt64) { list.withLock { $0.append(number) } }
  }

  @Test("ids", arguments: ["", "5", "-5", "e-", "e-x", "e--1", "e-99999999999999999999"]) func ids(_ text: String) {
    #expect(text == "e--1" ? EventID(text: text)?.epoch == "e-" : EventID(text: text) == nil)
    #expect(EventID(text: EventID(epoch: "a-b", sequence: 7).text) == EventID(epoch: "a-b", sequence: 7))
  }
}
