import Glibc
import PupBasics
import PupInstance
import PupSystem
import Testing

@testable import PupCore
@testable import PupDaemon

/// What a new brain does when what it finds does not fit together. `TakeOverPlanTests` has the decisions; this is what comes of
/// them.
@Suite(.timeLimit(.minutes(5))) struct BrainTakeOverTests {
  private static let web = EntryKey(slot: 0, generation: 3)

  @Test func theRunGoesOn() throws {
    try BrainUnderTest.run(on: .withARun()) { brain in
      let messages = try brain.begin(.plain(0, 3))
      #expect(messages.contains(.ready) && messages.allSatisfy { $0.adopted == nil })
      #expect(brain.state(of: "web") == .running && brain.runs(of: "web") == [3])
      try brain.keeper.say(.exited(Self.web, ExitRecord(kind: .exited, value: 0)))
      try brain.keeper.say(.treeEmpty(Self.web))
      #expect(try brain.heard() == [.forget(Self.web)])
    }
  }

  /// The keeper has forgotten it.
  @Test func aPlaceWhoseRunIsGone() throws {
    try BrainUnderTest.run(on: .withARun()) { brain in
      let messages = try brain.begin()
      #expect(messages.contains(.forget(Self.web)))
      #expect(brain.runs(of: "web").isEmpty && brain.state(of: "web") != .running)
      #expect(try brain.instance.state.read(slot: 0)?.runs == [])
    }
  }

  @Test func aPlaceOfAProcessThatIsNoLongerConfigured() throws {
    let old = EntryKey(slot: 2, generation: 3)
    let instance = try InstanceInMemory()
    try instance.begin()
    try instance.put("old", in: 2, running: 3)
    try BrainUnderTest.run(on: instance) { brain in
      let messages = try brain.begin(.plain(2, 3))
      #expect(messages.contains(.signal(old, signal: SIGTERM, scope: 1)))
      try brain.keeper.say(.exited(old, ExitRecord(kind: .signaled, value: SIGTERM)))
      try brain.keeper.say(.treeEmpty(old))
      // What is left of it is asked as well; nothing is.
      #expect(try brain.heard() == [.signal(old, signal: SIGTERM, scope: 3), .forget(old)])
      // Its place is free.
      #expect(try brain.instance.state.read(slot: 2) == nil)
      #expect(brain.state(of: "old") == nil)
    }
  }

  @Test func aDamagedPlace() throws {
    let instance = try InstanceInMemory.withARun()
    try instance.put("db", in: 1, running: 4, row: 2)
    try instance.damage(slot: 0)
    try BrainUnderTest.run(on: instance) { brain in
      _ = try brain.begin(.plain(0, 3), .plain(1, 4, pid: 4001))
      // It has got its place again, and with it its run.
      #expect(brain.state(of: "web") == .running && brain.runs(of: "web") == [3])
      #expect(brain.state(of: "db") == .running && brain.runs(of: "db") == [4])
    }
  }

  @Test func aRunThatNobodyKnows() throws {
    let stranger = EntryKey(slot: 3, generation: 1)
    try BrainUnderTest.run(on: .withARun()) { brain in
      let messages = try brain.begin(.plain(0, 3), .plain(3, 1, pid: 4001))
      #expect(messages.contains(.signal(stranger, signal: SIGKILL, scope: 2)) && messages.contains(.forget(stranger)))
      #expect(brain.runs(of: "web") == [3])
    }
  }

  @Test func oneRunThatIsListedTwice() throws {
    try BrainUnderTest.run(on: .withARun()) { brain in
      _ = try brain.begin(.plain(0, 3, .exited), .plain(0, 3))
      #expect(brain.state(of: "web") == .running && brain.runs(of: "web") == [3])
    }
  }

  /// Rows that runs of the state or of the keeper use are given to nobody else.
  @Test func rowsInUse() throws {
    let instance = try InstanceInMemory(autostart: true)
    try instance.begin()
    try instance.put("db", in: 1, running: 4, row: 0)
    try BrainUnderTest.run(on: instance) { brain in
      var listed = InventoryEntry.plain(1, 4)
      (listed.hasOutput, listed.rowOut) = (true, 2)
      try brain.welcome()
      try brain.list(listed)
      // Another thread looks for the program; nothing is heard before, so that this is not missed.
      _ = try brain.heard { $0.spawned != nil }
      let record = brain.ask { $0.supervision.runs[RunKey(id: ProcessID("web"), generation: 1)]?.record }
      #expect(record.map { [$0.rowOut, $0.rowErr] } == [3, 4])
    }
  }

  // MARK: Another keeper

  private func underAnotherKeeper(_ story: (BrainUnderTest) throws -> Void) throws {
    let instance = try InstanceInMemory.withARun(underKeeper: Int32.max)
    try instance.put("db", in: 1, running: 4, row: 2, pid: 4001)
    try BrainUnderTest.run(on: instance, story)
  }

  @Test func itIsAskedForTheRunsAndItsAnswersCount() throws {
    try underAnotherKeeper { brain in
      let messages = try brain.begin()
      #expect(messages.compactMap(\.adopted) == [Self.web, EntryKey(slot: 1, generation: 4)])
      #expect(!messages.contains(.ready) && !brain.isSupervising)
      // The pid of one of them is somebody else's by now.
      try brain.keeper.say(.adopted(.plain(1, 4, .empty)))
      #expect(try brain.heard().isEmpty && !brain.isSupervising)
      try brain.keeper.say(.adopted(.plain(0, 3)))
      let rest = try brain.heard()
      #expect(rest.contains(.ready) && rest.contains(.forget(EntryKey(slot: 1, generation: 4))))
      #expect(brain.state(of: "web") == .running && brain.state(of: "db") == .created)
    }
  }

  @Test func nothingHasSurvived() throws {
    try underAnotherKeeper { brain in
      _ = try brain.begin()
      try brain.keeper.say(.adopted(.plain(0, 3, .empty)))
      try brain.keeper.say(.adopted(.plain(1, 4, .empty)))
      let rest = try brain.heard()
      #expect(rest.contains(.ready) && rest.contains(.forget(Self.web)))
      #expect(brain.state(of: "web") == .created && brain.runs(of: "web").isEmpty)
    }
  }

  /// Answers that nobody has asked for, or the same one twice, do not end the waiting for the others.
  @Test func answersThatDoNotFit() throws {
    try underAnotherKeeper { brain in
      _ = try brain.begin()
      try brain.keeper.say(.adopted(.plain(0, 3)))
      try brain.keeper.say(.adopted(.plain(0, 3)))
      try brain.keeper.say(.adopted(.plain(2, 9, pid: 4002)))
      #expect(try brain.heard().isEmpty && !brain.isSupervising)
      try brain.keeper.say(.adopted(.plain(1, 4, pid: 4001)))
      #expect(try brain.heard().contains(.ready))
      #expect(brain.runs(of: "web") == [3] && brain.runs(of: "db") == [4])
    }
  }

  /// It ends, and the brain before it comes back.
  @Test func aStateThatALaterBuildHasWritten() async throws {
    await #expect(processExitsWith: .exitCode(BrainMessage.refusalExitCode)) {
      let instance = try InstanceInMemory()
      try instance.begin()
      var writer = ByteWriter()
      FormatVersion(written: 99, needed: 99).write(to: &writer)
      writer.record { $0.put(UInt32(0)) }
      try instance.state.write(StateSlot(process: "web", record: writer.bytes, runs: []), slot: 0)
      try BrainUnderTest.run(on: instance) { _ = try $0.begin() }
    }
  }
}
