internal import Glibc
internal import PupCore
internal import PupLogs
internal import PupSystem
internal import Testing

extension Integration {
  /// Trees that fight back: stopping means all of it.
  @Suite struct TreeTests {
    private static func configuration(_ flags: String, _ keys: String = "") -> String {
      """
      { terminateTimeout: 2, processes: [
        { id: 'tree', autostart: true, restart: 'error', \(keys) cmd: '\(Machine.child) --pids pids \(flags)' } ] }
      """
    }

    /// Runs the tree, waits until it has as many processes, and stops it by command.
    /// - Returns: how long that took, and whether its time was over: the rest was killed.
    private static func stopTree(
      _ flags: String, _ keys: String = "", processes: Int, before: (Pup) throws -> Void = { _ in },
      after: (Pup) throws -> Void = { _ in }
    ) throws -> (milliseconds: Double, wasKilled: Bool) {
      var (milliseconds, wasKilled) = (0.0, false)
      try Pup.test(configuration(flags, keys)) { pup in
        try pup.run()
        let pids = try waitForPids(processes, pup)
        try before(pup)
        let watch = Stopwatch()
        #expect(try pup.tell("stop", "tree") == "accepted")
        try pup.reach("tree", "finished", seconds: 20)
        milliseconds = watch.milliseconds
        wasKilled = !pup.lines(of: "tree", category: .stopping, .warn).isEmpty
        let left = pids.filter { Processes.isAlive($0) }
        #expect(left.isEmpty, "told as finished, but alive: \(left.map { Processes.describe($0) })")
        try after(pup)
        try pup.stop()
      }
      return (milliseconds, wasKilled)
    }

    private static func waitForPids(_ count: Int, _ pup: Pup) throws -> [Int32] {
      try Files.wait(pup.folder, for: "\(count) pids", seconds: 20) { Files.lines(pup.path("pids")).count >= count }
      return Files.lines(pup.path("pids")).compactMap { Int32($0) }
    }

    @Test(.timeLimit(.minutes(5))) func obeys() throws {
      #expect(try !Self.stopTree("--hold", processes: 1).wasKilled)
    }

    @Test(.timeLimit(.minutes(5))) func ignoresSIGTERM() throws {
      let end = try Self.stopTree("--ignore TERM --hold", processes: 1)
      #expect(end.wasKilled && end.milliseconds > 1900, "\(end)")
    }

    @Test(.timeLimit(.minutes(5))) func groupMembersGetTheSignalToo() throws {
      #expect(try !Self.stopTree("--fork 5 --hold", processes: 6).wasKilled)
    }

    /// `--on-term` is stronger than `--ignore`, in the leader only.
    @Test(.timeLimit(.minutes(5))) func leaderObeysAndMembersIgnore() throws {
      let end = try Self.stopTree("--ignore TERM --fork 3 --on-term 0 --hold", processes: 4)
      #expect(end.wasKilled && end.milliseconds > 1900, "\(end)")
    }

    /// A helper in a session of its own is asked when the leader has ended.
    @Test(.timeLimit(.minutes(5))) func helperInItsOwnSessionGetsItsSIGTERM() throws {
      let end = try Self.stopTree(
        "--orphan-term-file helper --hold", "terminateTimeout: 15,", processes: 2,
        after: { pup in
          #expect(Files.exists(pup.path("helper")))
        })
      #expect(!end.wasKilled)
    }

    /// … or one second after the wish, while the leader takes its time.
    @Test(.timeLimit(.minutes(5))) func helperIsAskedAfterASecond() throws {
      let end = try Self.stopTree(
        "--orphan-term-file helper --on-term 1600 --hold", "terminateTimeout: 15,", processes: 2,
        after: { pup in
          #expect(Files.exists(pup.path("helper")))
        })
      #expect(!end.wasKilled && end.milliseconds > 1500, "\(end)")
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["", "--orphan", "--orphan-ignore-term", "--env-clear-orphan", "--fork 2"])
    func portIsFreeAfterStop(tree: String) throws {
      _ = try Self.stopTree(
        "\(tree) --port port --hold", processes: 1,
        before: { pup in
          let code = try Self.bind(try pup.waitForFile("port"), pup)
          #expect(code == 98, "nobody listens")
        },
        after: { pup in
          let code = try Self.bind(try pup.waitForFile("port"), pup)
          #expect(code == 0, "somebody listens")
        })
    }

    /// The next run of a server must find its port free, whatever the last one left behind.
    @Test(.timeLimit(.minutes(5))) func restartedServerFindsItsPortFree() throws {
      try Pup.test(Self.configuration("--orphan --port port --hold")) { pup in
        try pup.run()
        let port = try pup.waitForFile("port")
        #expect(try pup.tell("restart", "tree") == "accepted")
        _ = try Self.waitForPids(4, pup)
        #expect(try Self.bind(port, pup) == 0)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func forkBomb() throws {
      _ = try Self.stopTree("--fork-bomb 200 --hold", processes: 200)
    }

    @Test(.timeLimit(.minutes(5))) func forkBombThatIgnoresSIGTERM() throws {
      #expect(try Self.stopTree("--ignore TERM --fork-bomb 200 --hold", processes: 200).wasKilled)
    }

    /// The whole of Pup stops with its trees, also when asked twice by SIGINT.
    @Test(.timeLimit(.minutes(5))) func secondSIGINTKillsAtOnce() throws {
      try Pup.test(
        """
        { terminateTimeout: 60, processes: [
          { id: 'tree', autostart: true, cmd: '\(Machine.child) --pids pids --ignore TERM,INT --fork 3 --orphan-ignore-term --hold' } ] }
        """
      ) { pup in
        let process = try pup.run()
        let pids = try Self.waitForPids(5, pup)
        process.signal(SIGINT)
        #expect(try pup.wait(for: .terminate) == "stopping everything (SIGINT)")
        #expect(process.ending == nil)
        process.signal(SIGINT)
        #expect(process.wait(seconds: 20) == .exited(0))
        #expect(!Processes.anyIsAlive(pids))
      }
    }

    // MARK: A run that ends by itself

    @Test(.timeLimit(.minutes(5))) func leftoversAreEnded() throws {
      try Pup.test(Self.configuration("--orphan --fork 2 --after 300 --exit 1", "restartDelayMs: 10,")) { pup in
        try pup.run()
        let pids = try Self.waitForPids(4, pup)
        #expect(try pup.wait(for: .leftovers, in: "tree").contains("ending them"))
        #expect(try pup.wait(for: .errored, in: "tree").hasPrefix("failed: exit code 1"))
        #expect(!Processes.anyIsAlive(Array(pids.prefix(4))))
        // The next run comes when nothing is left of the last one.
        try pup.wait(for: .starting, in: "tree", count: 2)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func stubbornLeftoversAreKilledAfterFiveSeconds() throws {
      try Pup.test(Self.configuration("--orphan-ignore-term --after 200 --exit 0")) { pup in
        try pup.run()
        let pids = try Self.waitForPids(2, pup)
        let watch = Stopwatch()
        try pup.wait(for: .finished, in: "tree")
        #expect(watch.milliseconds > 4500, "\(watch.milliseconds) ms")
        #expect(pup.lines(of: "tree", category: .stopping, .warn).count == 1)
        #expect(!Processes.anyIsAlive(pids))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func leftoversAreKeptWhereWished() throws {
      try Pup.test(Self.configuration("--orphan --after 100 --exit 0", "leftovers: 'keep',")) { pup in
        try pup.run()
        let pids = try Self.waitForPids(2, pup)
        #expect(try pup.wait(for: .leftovers, in: "tree").contains("they keep running"))
        try pup.reach("tree", "finished")
        #expect(Processes.anyIsAlive(pids))
        // Another brain knows of them as well.
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(Processes.anyIsAlive(pids))
        #expect(try pup.tell("stop", "tree") == "accepted")
        let deadline = Deadline(seconds: 5)
        while Processes.anyIsAlive(pids), !deadline.hasPassed { sched_yield() }
        #expect(!Processes.anyIsAlive(pids))
        try pup.stop()
      }
    }

    private static func bind(_ port: String, _ pup: Pup) throws -> Int32 {
      try pup.program([Machine.child, "--bind", port])
    }
  }
}
