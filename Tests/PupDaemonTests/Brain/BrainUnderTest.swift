import CLinux
import Glibc
import PupInstance
import PupLogs
import PupSystem
import PupTestSupport
import Synchronization

@testable import PupCore
@testable import PupDaemon

/// A brain on a loop that a test turns, with a keeper that a test plays. Everything between is real: sockets, messages, state
/// file, core. Belongs to the thread of its test.
final class BrainUnderTest {
  let clock = ManualClock()
  let instance: InstanceInMemory
  /// The one that the brain is connected to, or will be.
  private(set) var keeper: FakeKeeper
  private let loop: EventLoop
  private let daemon: Daemon
  private let starts = KeeperStarts()

  /// Keepers that the brain has started.
  private final class KeeperStarts: Sendable {
    struct State {
      var started: [FakeKeeper] = []
      var failure: StartFailure?
    }

    let state = Mutex(State())

    func start() throws(StartFailure) -> KeeperSockets {
      let failure = state.withLock { $0.failure }
      if let failure { throw failure }
      guard let keeper = try? FakeKeeper() else { throw StartFailure("sockets", errno: EMFILE) }
      state.withLock { $0.started.append(keeper) }
      return KeeperSockets(control: Descriptor(keeper.control), logs: Descriptor(keeper.logs))
    }
  }

  private init(_ instance: InstanceInMemory) throws {
    let (clock, starts) = (clock, starts)
    self.instance = instance
    keeper = try FakeKeeper()
    loop = try EventLoop(name: "brain") { clock.now }
    daemon = Daemon(
      loop: loop, control: keeper.control, logs: keeper.logs, standby: false, variables: [:],
      surroundings: BrainSurroundings(
        hasLogs: false, hasInterface: false, startKeeper: { () throws(StartFailure) in try starts.start() }))
  }

  static func run(on instance: InstanceInMemory, _ story: (BrainUnderTest) throws -> Void) throws {
    let brain = try BrainUnderTest(instance)
    defer { brain.end() }
    try story(brain)
  }

  /// What the process's end closes elsewhere.
  private func end() {
    keeper.end()
    ask { $0.keeper.shut() }
  }

  // MARK: Time

  /// Serves what is there.
  func settle() throws { while try loop.turn() {} }

  func advance(milliseconds: Int64) throws {
    clock.advance(by: milliseconds * 1_000_000)
    try settle()
  }

  // MARK: The keeper's part

  /// What the brain has said to it by now, but for its heartbeats.
  func heard() throws -> [BrainMessage] {
    var all: [BrainMessage] = []
    while true {
      try settle()
      let some = try keeper.hear()
      if some.isEmpty { return all.filter { $0 != .beat } }
      all += some
    }
  }

  /// Also waits for what other threads do first.
  func heard(until isThere: (BrainMessage) -> Bool) throws -> [BrainMessage] {
    var all = try heard()
    while !all.contains(where: isThere) {
      guard try loop.turn(waiting: 30_000) else { throw Failure("the brain has not said it, but \(all)") }
      all += try heard()
    }
    return all
  }

  func welcome(keeperPid: Int32 = getpid()) throws {
    var welcome = KeeperMessage.Welcome()
    (welcome.keeperPid, welcome.ledgerRows) = (keeperPid, UInt32(InstanceInMemory.rows))
    try keeper.say(.welcome(welcome), descriptors: instance.descriptors)
    try settle()
  }

  func list(_ entries: InventoryEntry...) throws {
    try keeper.say(.inventory(chunk: 0, last: true, entries))
    try settle()
  }

  /// As far as the brain's first "ready".
  func begin(_ entries: InventoryEntry...) throws -> [BrainMessage] {
    try welcome()
    try keeper.say(.inventory(chunk: 0, last: true, entries))
    return try heard()
  }

  /// The keeper dies, and the one that the brain starts in its place, if it does at once, takes its part.
  func replaceKeeper() throws {
    let before = keepersStarted
    keeper.end()
    try settle()
    if keepersStarted > before { takeNewKeeper() }
  }

  func takeNewKeeper() {
    if let new = starts.state.withLock({ $0.started.last }) { keeper = new }
  }

  var keepersStarted: Int { starts.state.withLock { $0.started.count } }

  func failToStartKeepers(with failure: StartFailure?) { starts.state.withLock { $0.failure = failure } }

  // MARK: Looking inside

  func ask<Answer: Sendable>(_ question: @Sendable (Brain) throws -> Answer) rethrows -> Answer {
    try daemon.assumeIsolated { try question($0.brain) }
  }

  func state(of id: String) -> ProcessState? { ask { $0.supervision.core.state(of: ProcessID(id)) } }

  func runs(of id: String) -> [UInt32] { ask { $0.supervision.runs[ProcessID(id)]?.runs.keys.sorted() ?? [] } }

  /// The lines that it has written of itself.
  func lines(_ category: LogCategory) -> [LogEntry] { ask { $0.logs.earlyLines.filter { $0.category == category.rawValue } } }

  var isSupervising: Bool { ask { $0.state.isSupervising } }
}

extension InventoryEntry {
  /// Without descriptors.
  static func plain(_ slot: UInt32, _ generation: UInt32, _ phase: Phase = .running, pid: Int32 = 4000) -> InventoryEntry {
    var entry = InventoryEntry(key: EntryKey(slot: slot, generation: generation), phase: phase)
    (entry.pid, entry.startTime) = (pid, 7)
    return entry
  }
}

extension BrainMessage {
  /// The run that the keeper is asked to adopt.
  var adopted: EntryKey? { if case .adopt(let entry, _, _) = self { entry.key } else { nil } }
  var spawned: EntryKey? { if case .spawn(let key) = self { key } else { nil } }
}
