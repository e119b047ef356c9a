import Glibc
import PupInstance
import PupLogs
import PupSystem
import Testing

@testable import PupCore
@testable import PupDaemon

/// The keeper dies, in each phase of a brain's life.
@Suite(.timeLimit(.minutes(5))) struct KeeperReplacedTests {
  private static let web = EntryKey(slot: 0, generation: 3)

  private func supervising(_ story: (BrainUnderTest) throws -> Void) throws {
    try BrainUnderTest.run(on: .withARun()) { brain in
      _ = try brain.begin(.plain(0, 3))
      try story(brain)
    }
  }

  /// The keeper dies before it answers a start; the new one has been asked for the run.
  private func starting(_ story: (BrainUnderTest, EntryKey) throws -> Void) throws {
    try BrainUnderTest.run(on: InstanceInMemory(autostart: true)) { brain in
      try brain.welcome()
      try brain.list()
      let key = EntryKey(slot: 0, generation: 1)
      _ = try brain.heard { $0.spawned == key }
      try brain.replaceKeeper()
      try brain.welcome(keeperPid: getppid())
      try brain.list()
      #expect(try brain.heard().compactMap(\.adopted) == [key])
      try story(brain, key)
    }
  }

  // MARK: Before it supervises: nothing to save, so it ends as well

  @Test func beforeItsWelcome() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try BrainUnderTest.run(on: InstanceInMemory()) { try $0.replaceKeeper() }
      exit(1)
    }
  }

  @Test func beforeItsList() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try BrainUnderTest.run(on: InstanceInMemory()) { brain in
        try brain.welcome()
        try brain.replaceKeeper()
      }
      exit(1)
    }
  }

  @Test func whileItIsAskedForRuns() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try BrainUnderTest.run(on: .withARun(underKeeper: Int32.max)) { brain in
        _ = try brain.begin()
        try brain.replaceKeeper()
      }
      exit(1)
    }
  }

  // MARK: While it supervises

  @Test func aNewOneIsGivenEverything() throws {
    try supervising { brain in
      try brain.replaceKeeper()
      #expect(brain.keepersStarted == 1)
      let greeting = try brain.heard()
      guard case .hello? = greeting.first else {
        Issue.record("\(greeting)")
        return
      }
      try brain.welcome(keeperPid: getppid())
      try brain.list()
      #expect(try brain.heard().compactMap(\.adopted) == [Self.web])
      // Not before it has answered: a brain that dies in between has to find that the runs are not yet this keeper's.
      #expect(try brain.instance.state.readHeader().keeperPid == getpid())
      try brain.keeper.say(.adopted(.plain(0, 3)))
      #expect(try brain.heard() == [.ready])
      #expect(try brain.instance.state.readHeader().keeperPid == getppid())
      #expect(brain.state(of: "web") == .running)
    }
  }

  /// A brain that the first keeper has just made may itself be asked by the second one.
  @Test func theNewOneDiesBeforeItsWelcome() throws {
    try supervising { brain in
      try brain.replaceKeeper()
      try brain.replaceKeeper()
      // After a pause.
      #expect(brain.keepersStarted == 1)
      try brain.advance(milliseconds: 50)
      #expect(brain.keepersStarted == 2)
      brain.takeNewKeeper()
      try brain.isTakenOver()
    }
  }

  @Test func theNewOneDiesBeforeItsList() throws {
    try supervising { brain in
      try brain.replaceKeeper()
      try brain.welcome(keeperPid: getppid())
      try brain.replaceKeeper()
      #expect(brain.keepersStarted == 2)
      try brain.isTakenOver()
    }
  }

  @Test func theNewOneDiesWhileItAdopts() throws {
    try supervising { brain in
      try brain.replaceKeeper()
      try brain.welcome(keeperPid: getppid())
      try brain.list()
      #expect(try brain.heard().compactMap(\.adopted) == [Self.web])
      try brain.replaceKeeper()
      #expect(brain.keepersStarted == 2)
      try brain.isTakenOver()
    }
  }

  @Test func noneCanBeStarted() throws {
    try supervising { brain in
      brain.failToStartKeepers(with: StartFailure("clone", errno: EAGAIN))
      try brain.replaceKeeper()
      try brain.advance(milliseconds: 50)
      try brain.advance(milliseconds: 100)
      // Said once, however often it is tried.
      #expect(brain.lines(.keeper).map(\.severity) == [.error, .error])
      #expect(brain.state(of: "web") == .running)
      brain.failToStartKeepers(with: nil)
      try brain.advance(milliseconds: 199)
      #expect(brain.keepersStarted == 0)
      try brain.advance(milliseconds: 1)
      #expect(brain.keepersStarted == 1)
      brain.takeNewKeeper()
      try brain.isTakenOver()
      #expect(brain.lines(.keeper).map(\.severity) == [.error, .error, .info])
    }
  }

  @Test func theProgramHasEndedMeanwhile() throws {
    try supervising { brain in
      try brain.replaceKeeper()
      try brain.welcome(keeperPid: getppid())
      try brain.list()
      _ = try brain.heard()
      var answer = InventoryEntry.plain(0, 3, .empty)
      answer.exit = ExitRecord(kind: .exited, value: 0)
      try brain.keeper.say(.adopted(answer))
      #expect(try brain.heard() == [.forget(Self.web), .ready])
      #expect(brain.state(of: "web") == .finished)
    }
  }

  @Test func itHadNotAnsweredAStart() throws {
    try starting { brain, _ in
      // It was started all the same.
      try brain.keeper.say(.adopted(.plain(0, 1)))
      #expect(try brain.heard().contains(.ready))
      #expect(brain.state(of: "web") == .running)
      #expect(try brain.instance.state.read(slot: 0)?.runs.map(\.pid) == [4000])
    }
  }

  @Test func itDiedOverAStart() throws {
    try starting { brain, key in
      try brain.keeper.say(.adopted(.plain(0, 1, .empty, pid: 0)))
      #expect(try brain.heard() == [.forget(key), .ready])
      #expect(brain.runs(of: "web").isEmpty && brain.state(of: "web") == .errored)
    }
  }

  // MARK: While it leaves

  /// Everything has stopped: there is nothing to hand over.
  @Test func whileItLeaves() async {
    await #expect(processExitsWith: .exitCode(0)) {
      try BrainUnderTest.run(on: InstanceInMemory()) { brain in
        _ = try brain.begin()
        try brain.keeper.say(.terminate(signal: SIGTERM))
        try brain.settle()
        guard brain.ask({ $0.state.isLeaving }) else { exit(2) }
        try brain.replaceKeeper()
      }
      exit(1)
    }
  }
}

extension BrainUnderTest {
  /// By the new keeper, from its welcome on.
  fileprivate func isTakenOver() throws {
    try welcome(keeperPid: getppid())
    try list()
    #expect(try heard().compactMap(\.adopted) == [EntryKey(slot: 0, generation: 3)])
    try keeper.say(.adopted(.plain(0, 3)))
    #expect(try heard().last == .ready)
    #expect(try instance.state.readHeader().keeperPid == getppid())
    #expect(state(of: "web") == .running && runs(of: "web") == [3])
  }
}
