import PupBasics
import PupSystem
import Testing

@testable import PupKeeper

/// What a keeper tells itself through an exec.
@Suite struct KeeperGoldenTests {
  /// The numbers in the files may be somebody's here.
  private static func giveUp(_ descriptors: [Descriptor]) {
    for descriptor in descriptors { _ = descriptor.take() }
  }

  @Test(arguments: ["cgroup", "init", "both", "session"]) func run(tree: String) throws {
    var entry = Entry(key: EntryKey(slot: 7, generation: 9), phase: .exited, tree: .session)
    switch tree {
    case "cgroup": entry.tree.cgroup = .init(name: "web.9", directory: Descriptor(30), events: Descriptor(31))
    case "init": entry.tree.initProcess = .init(pid: 5, startTime: 0, pidfd: Descriptor(32), reports: Descriptor(33))
    case "both":
      entry.tree.cgroup = .init(name: "web.9", directory: Descriptor(30), events: Descriptor(31))
      entry.tree.initProcess = .init(
        pid: 5, startTime: 1 << 40, pidfd: Descriptor(32), reports: Descriptor(33))
    default: entry.phase = .spawning(errorPipe: Descriptor(34))
    }
    (entry.pid, entry.handle, entry.startTime, entry.isChild) = (100, Descriptor(20), 1 << 40, false)
    entry.output = OutputPipe(descriptor: Descriptor(21), row: 3, consumed: 1 << 33, unanswered: .init(short: true))
    (entry.graceNanoseconds, entry.timeoutNanoseconds, entry.isPlugin, entry.isKilled) = (1, 2, true, true)
    (entry.notices, entry.announced, entry.statusDeadline) = ([.exited, .empty], true, 77)
    entry.deferredSignals = [(15, TreeScope(rawValue: 1) ?? .tree)]
    entry.stopping = .init(termAt: 5, killAt: 6, termSent: true)
    entry.exit = ExitRecord(kind: .signaled, value: 9)
    defer { Self.giveUp(entry.owned) }
    var writer = ByteWriter()
    entry.write(to: &writer)
    for golden in try Golden(name: "keeper-state-run-\(tree)").check(writer.bytes) {
      var reader = ByteReader(golden[...])
      let copy = try Entry(from: &reader)
      defer { Self.giveUp(copy.owned) }
      #expect(reader.remaining == 0)
      #expect(copy.inventory == entry.inventory && copy.allDescriptors == entry.allDescriptors)
      #expect(copy.stopping?.killAt == 6 && copy.notices == entry.notices && copy.deferredSignals.count == 1)
    }
  }

  @Test func everythingElse() throws {
    var state = KeeperState()
    (state.terminateSignal, state.terminateCount, state.interrupts) = (15, 1, 2)
    (state.terminateAskedAt, state.hangUpPending, state.predecessors, state.lastDeath) = (77, true, 3, "killed")
    (state.originalOOMScore, state.restartBrainAt) = (-100, 88)
    state.inherited = [5, 7, 6]
    state.strays = [EntryKey(slot: 1, generation: 2): [Stray(pid: 8, startTime: 9)]]
    state.lost = [Stray(pid: 10, startTime: 11)]
    state.lastGeneration = [2: 4, 1: 3]
    state.cgroupsToRemove = ["web.1"]
    try state.store.keep(Descriptor(12), name: "api.tcp")
    let kept = state.store
    defer { Self.giveUp(kept.items.map(\.descriptor)) }
    var writer = ByteWriter()
    state.write(to: &writer)
    for golden in try Golden(name: "keeper-state").check(writer.bytes) {
      var reader = ByteReader(golden[...])
      let copy = try KeeperState(from: &reader)
      defer { Self.giveUp(copy.store.items.map(\.descriptor)) }
      #expect(reader.remaining == 0)
      #expect(copy.terminateSignal == 15 && copy.interrupts == 2 && copy.hangUpPending && copy.restartBrainAt == 88)
      #expect(copy.inherited == state.inherited && copy.strays == state.strays && copy.lost == state.lost)
      #expect(copy.lastGeneration == state.lastGeneration && copy.cgroupsToRemove == ["web.1"])
      #expect(copy.store.names == ["api.tcp"] && copy.store.descriptors == [12])
    }
  }

  @Test func brain() throws {
    // No descriptor has these numbers, so that closing them with each copy harms nobody.
    let brain = Brain(
      pid: 7, pidfd: Descriptor(8), control: PacketSocket(owning: 1_000_001), logs: PacketSocket(owning: 1_000_002),
      isChild: true, now: 9)
    defer { Self.giveUp([brain.pidfd]) }
    (brain.greeted, brain.agreed, brain.readyAt, brain.farewell) = (true, 1, 10, 4)
    (brain.inventoryQueue, brain.inventoryChunk, brain.toldTerminate) = ([EntryKey(slot: 1, generation: 2)], 3, 1)
    var writer = ByteWriter()
    brain.write(to: &writer)
    for golden in try Golden(name: "keeper-state-brain").check(writer.bytes) {
      var reader = ByteReader(golden[...])
      let copy = try Brain.read(from: &reader)
      defer { Self.giveUp([copy.pidfd]) }
      #expect(reader.remaining == 0)
      #expect(
        copy.pid == 7 && copy.control.descriptor == 1_000_001 && copy.agreed == 1 && copy.readyAt == 10 && copy.farewell == 4)
      #expect(copy.inventoryQueue == brain.inventoryQueue && copy.inventoryChunk == 3 && copy.abortedAt == nil)
    }
  }

  @Test func health() throws {
    var health = BrainHealth()
    for second in 0..<5 { _ = health.died(supervised: 0, because: "it aborted", at: Int64(second) * Clock.second, wall: 5) }
    var writer = ByteWriter()
    health.write(to: &writer)
    for golden in try Golden(name: "keeper-state-health").check(writer.bytes) {
      var reader = ByteReader(golden[...])
      #expect(try BrainHealth(from: &reader) == health)
      #expect(reader.remaining == 0)
    }
  }

  /// Around the parts: the version, and what follows what.
  @Test func theWholeOfIt() throws {
    var state = KeeperState()
    (state.predecessors, state.lastDeath) = (3, "killed")
    let brain = Brain(
      pid: 7, pidfd: Descriptor(8), control: PacketSocket(owning: 1_000_003), logs: PacketSocket(owning: 1_000_004),
      isChild: true, now: 9)
    defer { Self.giveUp([brain.pidfd]) }
    (brain.greeted, brain.agreed) = (true, 1)
    let entries = [5, 6].map { Entry(key: EntryKey(slot: $0, generation: 1), phase: .running, tree: .session) }
    for golden in try Golden(name: "keeper-memory").check(
      KeeperMemory(state: state, brain: brain, entries: entries).encoded())
    {
      let copy = try KeeperMemory(decoding: golden)
      defer { Self.giveUp([copy.brain].compactMap { $0?.pidfd }) }
      #expect(copy.state.predecessors == 3 && copy.state.lastDeath == "killed")
      #expect(copy.brain?.pid == 7 && copy.brain?.agreed == 1)
      #expect(copy.entries.map(\.key) == entries.map(\.key))
    }
    let alone = try KeeperMemory(decoding: KeeperMemory(state: state, brain: nil, entries: []).encoded())
    #expect(alone.brain == nil && alone.entries.isEmpty)
  }
}
