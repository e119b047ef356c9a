import Glibc
import PupSystem
import Testing

@testable import PupKeeper

/// What a brain is told, over a real socket.
@Suite struct BrainLinkTests {
  /// A brain without a process, and the far end of its control socket.
  private struct Fake {
    let brain: Brain
    let far: PacketSocket

    init() throws {
      let (control, logs, pidfd) = (try Self.pair(), try Self.pair(), try Self.pair())
      far = PacketSocket(control.write)
      // Whatever epoll takes does for a pidfd.
      brain = Brain(
        pid: 7, pidfd: pidfd.read, control: PacketSocket(control.read), logs: PacketSocket(logs.read), isChild: false, now: 0)
    }

    private static func pair() throws -> PipeEnds {
      var ends: [Int32] = [-1, -1]
      let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
      try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
      return PipeEnds(read: Descriptor(ends[0]), write: Descriptor(ends[1]))
    }

    /// Everything that has been sent.
    func messages() throws -> [KeeperMessage] {
      var all: [KeeperMessage] = []
      while case .packet(let packet) = try far.receive() {
        all.append(try #require(try KeeperMessage.decoded(packet.bytes[...])))
      }
      return all
    }
  }

  private let runs = RunRegistry()
  private let requests = SignalRequests()
  private let link: BrainLink

  init() throws { link = BrainLink(poller: try Poller(), runs: runs, requests: requests) }

  private func key(_ slot: UInt32) -> EntryKey { EntryKey(slot: slot, generation: 1) }

  private func add(_ slots: Range<UInt32>, _ phase: Entry.Phase) {
    for slot in slots { runs[key(slot)] = Entry(key: key(slot), phase: phase, tree: .session) }
  }

  /// Has greeted, and been told of all runs.
  private func connected() throws -> Fake {
    let fake = try Fake()
    try link.connect(fake.brain)
    fake.brain.greeted = true
    link.beginInventory(for: fake.brain)
    while !fake.brain.inventoryDone { link.inventoryReceived(fake.brain.inventoryChunk, by: fake.brain) }
    link.inventoryReceived(fake.brain.inventoryChunk, by: fake.brain)
    return fake
  }

  @Test func theInventoryComesInAcknowledgedChunks() throws {
    add(0..<150, .running)
    let fake = try Fake()
    try link.connect(fake.brain)
    fake.brain.greeted = true
    link.beginInventory(for: fake.brain)
    var told: [EntryKey] = []
    for (chunk, isLast) in [(UInt32(0), false), (1, false), (2, true)] {
      guard case .inventory(chunk, isLast, let entries)? = try fake.messages().first else {
        Issue.record("chunk \(chunk) did not come")
        return
      }
      told += entries.map(\.key)
      // One that was acknowledged before changes nothing.
      if chunk > 0 { link.inventoryReceived(chunk - 1, by: fake.brain) }
      #expect(try fake.messages().isEmpty)
      link.inventoryReceived(chunk, by: fake.brain)
    }
    #expect(told == (0..<150).map(key), "lowest slots first")
    #expect(fake.brain.inventoryDone)
  }

  @Test func noticesComeInTheOrderOfWhatHappened() throws {
    let fake = try connected()
    _ = try fake.messages()
    add(1..<2, .empty)
    runs[key(1)]?.exit = ExitRecord(kind: .exited, value: 3)
    runs[key(1)]?.notices = [.empty, .exited, .outcome]
    link.announce(key(1))
    #expect(try fake.messages().isEmpty, "the run is in no inventory yet, which will say all")
    runs[key(1)]?.announced = true
    link.announce(key(1))
    let messages = try fake.messages()
    #expect(messages.count == 3)
    #expect(messages.last == .treeEmpty(key(1)))
    if case .spawned(let first, _, _, _, _)? = messages.first { #expect(first == key(1)) } else { Issue.record("no outcome") }
    #expect(runs[key(1)]?.notices == [])
    link.announce(key(1))
    #expect(try fake.messages().isEmpty)
  }

  @Test func whatDoesNotFitIsSentLaterAndOnce() throws {
    let fake = try connected()
    _ = try fake.messages()
    let slots = UInt32(0)..<5000
    add(slots, .empty)
    for slot in slots {
      runs[key(slot)]?.announced = true
      runs[key(slot)]?.notices = .empty
      link.announce(key(slot))
    }
    var told = try fake.messages()
    #expect(!told.isEmpty && told.count < slots.count, "the socket has a bound")
    while told.count < slots.count {
      link.ready(Poller.output) { _, _ in Issue.record("nobody has said anything") }
      let more = try fake.messages()
      if more.isEmpty { break }
      told += more
    }
    #expect(told.count == slots.count && Set(told) == Set(slots.map { .treeEmpty(key($0)) }))
  }

  @Test func anotherBrainIsToldAllAgain() throws {
    add(0..<3, .running)
    _ = try connected()
    link.disconnect()
    #expect(link.brain == nil)
    runs[key(1)]?.phase = .exited
    runs[key(1)]?.notices = .exited
    link.announce(key(1))
    let next = try connected()
    let messages = try next.messages()
    guard case .inventory(0, true, let entries)? = messages.first, messages.count == 1 else {
      Issue.record("\(messages)")
      return
    }
    #expect(entries.map(\.phase) == [.running, .exited, .running])
    #expect(runs[key(1)]?.notices == [], "the inventory says it")
  }

  @Test func signalsWaitForTheInventory() throws {
    add(0..<1, .running)
    _ = requests.terminate(SIGINT, at: 0)
    requests.hangUp()
    let fake = try Fake()
    try link.connect(fake.brain)
    fake.brain.greeted = true
    link.tellAboutSignals()
    #expect(try fake.messages().isEmpty)
    link.beginInventory(for: fake.brain)
    link.inventoryReceived(0, by: fake.brain)
    #expect(try fake.messages().dropFirst() == [.terminate(signal: SIGINT), .hangUp])
    _ = requests.terminate(SIGINT, at: 1)
    link.tellAboutSignals()
    #expect(try fake.messages() == [.terminate(signal: SIGINT)])
    link.tellAboutSignals()
    #expect(try fake.messages().isEmpty)
  }

  @Test func straysWaitForABrainAndAreBounded() throws {
    let reports = (1...Int32(StrayReport.limit + 5)).map { StrayReport(key: nil, pid: $0, name: "stray") }
    for report in reports { link.report(report) }
    let fake = try connected()
    let told = try fake.messages().compactMap { message in
      if case .stray(let report) = message { report } else { nil }
    }
    #expect(told == Array(reports.prefix(StrayReport.limit)))
  }

  @Test func oneThatEndsIsHeardToItsLastWord() throws {
    let fake = try connected()
    let sent = 200
    for _ in 0..<sent { #expect(try fake.far.send(BrainMessage.beat.encoded())) }
    var heard = 0
    link.ready(Poller.input, isLast: true) { _, _ in heard += 1 }
    #expect(heard == sent)
    for _ in 0..<2 { #expect(try fake.far.send(BrainMessage.beat.encoded())) }
    // What handles a message may put nobody in charge.
    link.ready(Poller.input) { _, _ in
      heard += 1
      link.disconnect()
    }
    #expect(link.brain == nil && heard == sent + 1)
  }
}
