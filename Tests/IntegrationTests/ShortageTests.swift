internal import Glibc
internal import PupCore
internal import PupLogs
internal import Testing

extension Integration {
  /// A machine that is short of processes for a while: everything is back within seconds of its end, and nobody has to do
  /// anything.
  @Suite(.enabled(if: ForkShortage.isPossible, "needs the pids controller (as root), or prlimit (as another user)"))
  struct ShortageTests {
    private static let configuration = """
      { terminateTimeout: 2, processes: [
        { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'crasher', restart: 'error', restartLimit: 1, restartDelayMs: 10, cmd: '\(Machine.child) --hold' } ] }
      """

    private func test(_ body: (Pup, ForkShortage) throws -> Void) throws {
      var used: ForkShortage?
      try Pup.test(Self.configuration) { pup in
        let shortage = try ForkShortage(pup)
        used = shortage
        try body(pup, shortage)
      }
      used?.remove()
    }

    private func testRunning(_ body: (Pup, ForkShortage) throws -> Void) throws {
      try test { pup, shortage in
        try pup.run(prefix: shortage.prefix)
        try pup.reach("web", "running")
        let web = try pup.pid("web")
        try body(pup, shortage)
        #expect(try pup.pid("web") == web)
        #expect(!(try pup.command(["status"]).error.contains("safe mode")))
        try pup.stopKeeper()
      }
    }

    @Test(.timeLimit(.minutes(5))) func aSupervisorThatCannotBeStartedIsNoDeath() throws {
      try testRunning { pup, shortage in
        let (keeper, web) = (try pup.keeperPid(), try pup.pid("web"))
        try shortage.begin(keeper)
        Processes.kill(pup.brain)
        try pup.waitForComplaint("cannot start the supervisor: clone: Resource temporarily unavailable")
        // Long enough for more than five tries.
        #expect(!Processes.waitForEnd(web, seconds: 0.8))
        try shortage.end(keeper)
        try pup.awaitBrain(seconds: 4)
        try pup.awaitSupervision()
        try pup.waitForComplaint("the supervisor works again")
        #expect(pup.complaints.components(of: "cannot start the supervisor") == 1, "told once")
        #expect(try WebConnection(port: pup.port).request("GET", "/healthz").status == 200)
      }
    }

    @Test(.timeLimit(.minutes(5))) func aKeeperIsTriedAgain() throws {
      try testRunning { pup, shortage in
        let web = try pup.pid("web")
        try shortage.begin(pup.brain)
        try pup.killKeeper()
        try pup.wait(for: .keeper, .error, naming: "clone")
        #expect(!Processes.waitForEnd(web, seconds: 0.2))
        #expect(try pup.cli("status").contains("web"), "the interface answers meanwhile")
        try shortage.end(pup.brain)
        try pup.wait(for: .keeper, .info)
        #expect(try pup.tell("start", "crasher") == "accepted")
        try pup.reach("crasher", "running")
      }
    }

    /// Its limit of one restart is not used up.
    @Test(.timeLimit(.minutes(5))) func aProgramIsTriedAgainBeyondItsLimit() throws {
      try testRunning { pup, shortage in
        let (keeper, web) = (try pup.keeperPid(), try pup.pid("web"))
        try shortage.begin(keeper)
        #expect(try pup.tell("start", "crasher") == "accepted")
        // Already a thread to look for the program may be too much.
        try pup.wait(for: .errored, in: "crasher")
        #expect(!Processes.waitForEnd(web, seconds: 0.8))
        #expect(try pup.status("crasher").state != "exhausted")
        try shortage.end(keeper)
        try pup.reach("crasher", "running")
      }
    }

    @Test(.timeLimit(.minutes(5))) func aStartWithinTheShortageWaitsForItsEnd() throws {
      try test { pup, shortage in
        try shortage.begin()
        let run = try pup.launch(["run"], prefix: shortage.prefixWithin)
        try pup.waitForComplaint("cannot start the supervisor: clone: Resource temporarily unavailable")
        try shortage.end(run.pid)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        try pup.reach("web", "running")
        try pup.stop()
      }
    }
  }
}

extension String {
  /// How often it is there.
  fileprivate func components(of part: String) -> Int {
    split(separator: "\n").count { $0.contains(part) }
  }
}
