internal import Glibc
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

    /// Runs the tree, waits until it has as many processes, stops it by command; answers how long that took.
    private static func stopTree(
      _ flags: String, _ keys: String = "", processes: Int, before: (Pup) throws -> Void = { _ in },
      after: (Pup) throws -> Void = { _ in }
    ) throws -> Double {
      var milliseconds = 0.0
      try Pup.test(configuration(flags, keys)) { pup in
        try pup.run()
        let pids = try waitForPids(processes, pup)
        try before(pup)
        let watch = Stopwatch()
        #expect(try pup.tell("stop", "tree") == "accepted")
        try pup.reach("tree", "finished", seconds: 8)
        milliseconds = watch.milliseconds
        let left = pids.filter { Processes.isAlive($0) }
        #expect(left.isEmpty, "told as finished, but alive: \(left.map { Processes.describe($0) })")
        try after(pup)
        try pup.stop()
      }
      return milliseconds
    }

    private static func waitForPids(_ count: Int, _ pup: Pup) throws -> [Int32] {
      try Files.wait(pup.folder, for: "\(count) pids", seconds: 20) { Files.lines(pup.path("pids")).count >= count }
      return Files.lines(pup.path("pids")).compactMap { Int32($0) }
    }

    @Test(.timeLimit(.minutes(1))) func obeys() throws {
      let milliseconds = try Self.stopTree("--hold", processes: 1)
      #expect(milliseconds < 1000)
    }

    @Test(.timeLimit(.minutes(1))) func ignoresSIGTERM() throws {
      let milliseconds = try Self.stopTree("--ignore TERM --hold", processes: 1)
      #expect(milliseconds > 1900 && milliseconds < 4000, "\(milliseconds) ms")
    }

    @Test(.timeLimit(.minutes(1))) func groupMembersGetTheSignalToo() throws {
      let milliseconds = try Self.stopTree("--fork 5 --hold", processes: 6)
      #expect(milliseconds < 1000, "\(milliseconds) ms")
    }

    /// `--on-term` is stronger than `--ignore`, in the leader only.
    @Test(.timeLimit(.minutes(1))) func leaderObeysAndMembersIgnore() throws {
      let milliseconds = try Self.stopTree("--ignore TERM --fork 3 --on-term 0 --hold", processes: 4)
      #expect(milliseconds > 1900 && milliseconds < 4000, "\(milliseconds) ms")
    }

    /// A helper in a session of its own is asked when the leader has ended.
    @Test(.timeLimit(.minutes(1))) func helperInItsOwnSessionGetsItsSIGTERM() throws {
      let milliseconds = try Self.stopTree(
        "--orphan-term-file helper --hold", processes: 2,
        after: { pup in
          #expect(Files.exists(pup.path("helper")))
        })
      #expect(milliseconds < 1500, "\(milliseconds) ms")
    }

    /// … or one second after the wish, while the leader takes its time.
    @Test(.timeLimit(.minutes(1))) func helperIsAskedAfterASecond() throws {
      let milliseconds = try Self.stopTree(
        "--orphan-term-file helper --on-term 1600 --hold", processes: 2,
        after: { pup in
          #expect(Files.exists(pup.path("helper")))
        })
      #expect(milliseconds > 1500 && milliseconds < 2900, "\(milliseconds) ms")
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["", "--orphan", "--orphan-ignore-term", "--env-clear-orphan", "--fork 2"])
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
    @Test(.timeLimit(.minutes(1))) func restartedServerFindsItsPortFree() throws {
      try Pup.test(Self.configuration("--orphan --port port --hold")) { pup in
        try pup.run()
        let port = try pup.waitForFile("port")
        #expect(try pup.tell("restart", "tree") == "accepted")
        _ = try Self.waitForPids(4, pup)
        #expect(try Self.bind(port, pup) == 0)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(1))) func forkBomb() throws {
      let milliseconds = try Self.stopTree("--fork-bomb 200 --hold", processes: 200)
      #expect(milliseconds < 4000, "\(milliseconds) ms")
    }

    @Test(.timeLimit(.minutes(1))) func forkBombThatIgnoresSIGTERM() throws {
      let milliseconds = try Self.stopTree("--ignore TERM --fork-bomb 200 --hold", processes: 200)
      #expect(milliseconds < 6000, "\(milliseconds) ms")
    }

    /// The whole of Pup stops with its trees, also when asked twice by SIGINT.
    @Test(.timeLimit(.minutes(1))) func secondSIGINTKillsAtOnce() throws {
      try Pup.test(
        """
        { terminateTimeout: 60, processes: [
          { id: 'tree', autostart: true, cmd: '\(Machine.child) --pids pids --ignore TERM,INT --fork 3 --orphan-ignore-term --hold' } ] }
        """
      ) { pup in
        let process = try pup.run()
        let pids = try Self.waitForPids(5, pup)
        process.signal(SIGINT)
        try pup.wait(for: "stopping everything (SIGINT)")
        #expect(process.ending == nil)
        let watch = Stopwatch()
        process.signal(SIGINT)
        #expect(process.wait(seconds: 10) == .exited(0))
        #expect(watch.milliseconds < 2000, "\(watch.milliseconds) ms")
        #expect(!Processes.anyIsAlive(pids))
      }
    }

    // MARK: A run that ends by itself

    @Test(.timeLimit(.minutes(1))) func leftoversAreEnded() throws {
      try Pup.test(Self.configuration("--orphan --fork 2 --after 300 --exit 1", "restartDelayMs: 10,")) { pup in
        try pup.run()
        let pids = try Self.waitForPids(4, pup)
        try pup.wait(for: "tree: left processes behind; ending them")
        try pup.wait(for: "tree: failed: exit code 1")
        #expect(!Processes.anyIsAlive(Array(pids.prefix(4))))
        // The next run comes when nothing is left of the last one.
        try pup.wait(for: "tree: starting (the restart policy)")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(1))) func stubbornLeftoversAreKilledAfterFiveSeconds() throws {
      try Pup.test(Self.configuration("--orphan-ignore-term --after 200 --exit 0")) { pup in
        try pup.run()
        let pids = try Self.waitForPids(2, pup)
        let watch = Stopwatch()
        try pup.wait(for: "tree: finished: exit code 0")
        #expect(watch.milliseconds > 4500 && watch.milliseconds < 8000, "\(watch.milliseconds) ms")
        #expect(pup.count(of: "ignored SIGTERM: SIGKILL") == 1)
        #expect(!Processes.anyIsAlive(pids))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(1))) func leftoversAreKeptWhereWished() throws {
      try Pup.test(Self.configuration("--orphan --after 100 --exit 0", "leftovers: 'keep',")) { pup in
        try pup.run()
        let pids = try Self.waitForPids(2, pup)
        try pup.wait(for: "left alone")
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
