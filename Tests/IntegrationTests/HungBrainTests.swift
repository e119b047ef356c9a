internal import Glibc
internal import PupCore
internal import PupLogs
internal import Testing

extension Integration {
  /// A supervisor that does not answer, or cannot even start: the programs do not notice.
  @Suite struct HungBrainTests {
    private static func configuration(_ more: String = "") -> String {
      """
      { terminateTimeout: 2, processes: [
        { id: 'writer', autostart: true, logger: { console: false }, cmd: '\(Machine.child) --forever --rate 500 --count-file writer.count' },
        \(more)
      ] }
      """
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["stopped", "hanging"])
    func isReplacedAfterFiveSeconds(how: String) throws {
      try Pup.test(Self.configuration("{ id: 'short', cmd: '\(Machine.child) --after 300 --exit 4', autostart: true },")) { pup in
        try pup.run()
        try pup.reach("writer", "running")
        let (old, writer) = (pup.brain, try pup.pid("writer"))
        let watch = Stopwatch()
        if how == "stopped" { try Processes.stop(old) } else { _ = try pup.channel.send("hang") }
        try pup.awaitBrain(seconds: 20)
        #expect(watch.milliseconds > 3900, "the brain was given up too soon")
        #expect(!Processes.isAlive(old))
        #expect(pup.complaints.contains("has been silent for 5 s"))
        try pup.wait(for: .takeover)
        #expect(try pup.pid("writer") == writer)
        // It ended while nobody looked.
        #expect(try pup.status("short").exit == "4")
        try pup.stop()
        try Self.checkWriter(pup)
      }
    }

    /// Neither is the thread that beats, and without either a supervisor is no use.
    @Test(.timeLimit(.minutes(5)), arguments: ["pup-logs", "pup-web"])
    func oneOfWhichAnotherThreadHangsIsReplaced(thread: String) throws {
      try Pup.test(Self.configuration()) { pup in
        try pup.run()
        try pup.reach("writer", "running")
        let (old, writer) = (pup.brain, try pup.pid("writer"))
        _ = try pup.channel.send("hang \(thread)")
        try pup.awaitBrain(seconds: 9)
        #expect(!Processes.isAlive(old))
        #expect(pup.complaints.contains("thread \(thread) has been stuck in one piece of work for"))
        try pup.awaitSupervision()
        #expect(try pup.pid("writer") == writer)
        try pup.stop()
        try Self.checkWriter(pup)
      }
    }

    /// It may have to wait for a disk as long as it takes; nothing else does.
    @Test(.timeLimit(.minutes(5))) func aThreadThatMayWaitForADiskIsReportedAlone() throws {
      try Pup.test(Self.configuration()) { pup in
        try pup.run()
        try pup.reach("writer", "running")
        let brain = pup.brain
        _ = try pup.channel.send("hang pup-sampler")
        try pup.wait(for: .core, .warn, naming: "pup-sampler")
        #expect(pup.brain == brain)
        try pup.stop()
        try Self.checkWriter(pup)
      }
    }

    /// SIGTERM goes to the keeper, which waits 5 s for a word of the brain, and then does it itself.
    @Test(.timeLimit(.minutes(5))) func stopsWithoutAnAnswer() throws {
      try Pup.test(
        Self.configuration("{ id: 'stubborn', cmd: '\(Machine.child) --ignore TERM --append ready r --hold', autostart: true },")
      ) {
        pup in
        try pup.run()
        try pup.reach("all", "running")
        try pup.waitForFile("ready")
        try Processes.stop(pup.brain)
        try pup.stop(seconds: 12)
        // Whichever limit of 5 s passes first.
        #expect(pup.complaints.contains("stopping the programs without one") || pup.complaints.contains("replacing it"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func abortingSupervisorIsTriedAgain() throws {
      try Pup.test(Self.configuration()) { pup in
        try pup.run()
        try pup.reach("writer", "running")
        let writer = try pup.pid("writer")
        try Files.write("", to: pup.path("abort"))
        Processes.kill(pup.brain, SIGSEGV)
        try pup.waitForComplaint("5 supervisors died within a minute")
        #expect(pup.complaints.contains("in safe mode"))
        #expect(Processes.isAlive(writer))
        unlink(pup.path("abort"))
        try pup.awaitBrain()
        #expect(try pup.wait(for: .safe).contains("because 5 supervisors died within a minute"))
        #expect(try pup.pid("writer") == writer)
        try pup.stop()
        try Self.checkWriter(pup)
      }
    }

    @Test(.timeLimit(.minutes(5))) func stopsWhileTheSupervisorAborts() throws {
      try Pup.test(
        Self.configuration("{ id: 'stubborn', cmd: '\(Machine.child) --ignore TERM --append ready r --hold', autostart: true },")
      ) {
        pup in
        try pup.run()
        try pup.reach("all", "running")
        try pup.waitForFile("ready")
        let pids = [try pup.pid("writer"), try pup.pid("stubborn")]
        try Files.write("", to: pup.path("abort"))
        Processes.kill(pup.brain)
        try pup.waitForComplaint("5 supervisors died within a minute")
        #expect(pids.allSatisfy { Processes.isAlive($0) })
        try pup.stop(seconds: 12)
        #expect(!Processes.anyIsAlive(pids))
        unlink(pup.path("abort"))
      }
    }

    /// The deadline of a stop counts from the wish, whoever carries it out.
    @Test(.timeLimit(.minutes(5))) func aStopSurvivesItsSupervisor() throws {
      try Pup.test(
        "{ processes: [ { id: 'stubborn', cmd: '\(Machine.child) --ignore TERM --append ready r --hold', autostart: true, terminateTimeout: 2 } ] }"
      ) { pup in
        try pup.run()
        try pup.waitForFile("ready")
        let pid = try pup.pid("stubborn")
        let watch = Stopwatch()
        #expect(try pup.tell("stop", "stubborn") == "accepted")
        try pup.reach("stubborn", "stopping")
        for _ in 0..<3 {
          Processes.kill(pup.brain)
          try pup.awaitBrain()
          try pup.awaitSupervision()
        }
        #expect(Processes.waitForEnd(pid, seconds: 15))
        #expect(watch.milliseconds > 1900, "killed after \(watch.milliseconds) ms")
        try pup.reach("stubborn", "finished")
        #expect(try pup.status("stubborn").isHeld)
        try pup.stop()
      }
    }

    /// SIGTERM to Pup while no brain is there: the next one carries it out.
    @Test(.timeLimit(.minutes(5))) func aNewSupervisorHearsOfTheStop() throws {
      try Pup.test(Self.configuration()) { pup in
        try pup.run()
        try pup.reach("writer", "running")
        Processes.kill(pup.brain)
        try pup.stop()
        #expect(pup.count(of: "everything is stopped") == 1)
        try Self.checkWriter(pup)
      }
    }

    private static func checkWriter(_ pup: Pup) throws {
      let written = try Written(pup.path("writer.count"))
      var store = LineCheck(id: "writer")
      store.read(store: "\(pup.data)/logs/writer")
      #expect(store.out.problems.isEmpty)
      #expect(written.out.contains(store.out.lines), "\(store.out.lines) lines of \(written.out)")
    }
  }
}
