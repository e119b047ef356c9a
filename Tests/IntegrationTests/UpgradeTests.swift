internal import Glibc
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// New executables under running programs: SIGUSR2 changes to what is installed now, SIGUSR1 re-executes the keeper.
  @Suite struct UpgradeTests {
    static let configuration = """
      { terminateTimeout: 3, processes: [
        { id: 'flood', autostart: true, logger: { console: false, stdout: 'flood.log' },
          cmd: '\(Machine.child) --both --forever --rate 3000 --bytes 100 --count-file flood.count' },
        { id: 'packets', autostart: true, logger: { console: false },
          cmd: '\(Machine.child) --packets --forever --rate 2000 --count-file packets.count' },
        { id: 'crasher', autostart: true, restartDelayMs: 5, logger: { console: false },
          cmd: '\(Machine.child) --append crasher.runs run --after 5 --exit 3' },
        { id: 'worker', autostart: true, logger: { console: false }, cmd: '\(Machine.child) --append worker.runs run --hold' },
      ] }
      """

    @Test(.timeLimit(.minutes(5))) func newSupervisorTakesOver() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("flood", "running")
        try pup.reach("packets", "running")
        let (keeper, old) = (try pup.keeperPid(), pup.brain)
        let before = [try pup.pid("flood"), try pup.pid("packets")]
        try copyProgram("testbrain", to: "pup-supervisor", pup)
        Processes.kill(keeper, SIGUSR2)
        try pup.awaitBrain()
        #expect(Processes.waitForEnd(old, seconds: 5))
        try pup.awaitSupervision()
        try pup.wait(for: .upgrade)
        #expect(pup.brain != old)
        #expect(Processes.target(ofLink: "/proc/\(pup.brain)/exe") == pup.path("libexec/pup-supervisor"))
        #expect([try pup.pid("flood"), try pup.pid("packets")] == before)
        // The executable in force is the new one from now on, whatever happens to its file.
        try Files.link(pup.path("libexec/pup-supervisor"), to: "/bin/false")
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.tell("restart", "worker") == "accepted")
        try checkCrasher(pup)
        try pup.stop()
        try check(pup)
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["missing", "false", "aborting", "garbage"])
    func oneThatCannotStartIsRefused(how: String) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("flood", "running")
        let (keeper, old, flood) = (try pup.keeperPid(), pup.brain, try pup.pid("flood"))
        switch how {
        case "missing": unlink(pup.path("libexec/pup-supervisor"))
        case "false": try Files.link(pup.path("libexec/pup-supervisor"), to: "/bin/false")
        case "aborting": try Files.write("", to: pup.path("abort"))
        default:
          unlink(pup.path("libexec/pup-supervisor"))
          try Files.write("this is no program", to: pup.path("libexec/pup-supervisor"), mode: 0o755)
        }
        Processes.kill(keeper, SIGUSR2)
        try pup.waitForComplaint(how == "garbage" ? "supervisor" : "upgrade refused")
        #expect(Processes.isAlive(old))
        #expect(try pup.pid("flood") == flood)
        #expect(try pup.tell("restart", "worker") == "accepted")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func newKeeperTakesOverInPlace() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("flood", "running")
        let (keeper, old) = (try pup.keeperPid(), pup.brain)
        try copyProgram("pup-keeper", to: "pup-keeper", pup)
        Processes.kill(keeper, SIGUSR2)
        try pup.awaitBrain()
        #expect(Processes.waitForEnd(old, seconds: 5))
        try pup.awaitSupervision()
        // Checked with --check first, then executed; each restart needs the keeper.
        let deadline = Deadline(seconds: 5)
        while Processes.target(ofLink: "/proc/\(keeper)/exe") != pup.path("libexec/pup-keeper"), !deadline.hasPassed {
          try restartWorker(pup)
        }
        #expect(Processes.target(ofLink: "/proc/\(keeper)/exe") == pup.path("libexec/pup-keeper"))
        try restartWorker(pup)
        try checkCrasher(pup)
        try pup.stop()
        try check(pup)
      }
    }

    @Test(.timeLimit(.minutes(6))) func keeperExecutesItselfAgainAndAgain() throws {
      let rounds = getenv("PUP_TEST_EXECS").flatMap { Int(String(cString: $0)) } ?? 50
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("flood", "running")
        try pup.reach("packets", "running")
        let (keeper, brain) = (try pup.keeperPid(), pup.brain)
        let before = [try pup.pid("flood"), try pup.pid("packets")]
        let descriptorsBefore = Files.names(in: "/proc/\(keeper)/fd").count
        for _ in 0..<rounds {
          Processes.kill(keeper, SIGUSR1)
          try restartWorker(pup)
        }
        let words = (Files.bytes("/proc/\(keeper)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        #expect(words.contains("--resume"))
        #expect(Processes.isAlive(brain))
        #expect([try pup.pid("flood"), try pup.pid("packets")] == before)
        // Runs come and go, and each has some. One that is lost in every round would show.
        let descriptors = Files.names(in: "/proc/\(keeper)/fd").count
        #expect(descriptors < descriptorsBefore + rounds / 2, "the keeper had \(descriptorsBefore), and has \(descriptors)")
        try checkCrasher(pup)
        try pup.stop()
        try check(pup)
        #expect(!pup.complaints.contains("cannot replace"))
      }
    }

    // MARK: -

    func copyProgram(_ name: String, to target: String, _ pup: Pup) throws {
      guard let bytes = Files.bytes("\(Machine.binaries)/\(name)") else { throw Failure("no \(name)") }
      unlink(pup.path("libexec/\(target)"))
      try Files.write(bytes, to: pup.path("libexec/\(target)"), mode: 0o755)
    }

    func restartWorker(_ pup: Pup) throws {
      try pup.reach("worker", "running")
      let old = try pup.pid("worker")
      #expect(try pup.tell("restart", "worker") == "accepted")
      #expect(Processes.waitForEnd(old, seconds: 5))
      try pup.reach("worker", "running")
      #expect(try pup.pid("worker") != old)
    }

    func checkCrasher(_ pup: Pup) throws {
      #expect(try pup.tell("block", "crasher") == "accepted")
      try pup.reach("crasher", "failed")
      let status = try pup.status("crasher")
      #expect(status.exit == "3")
      #expect(status.restarts + 1 == Files.lines(pup.path("crasher.runs")).count)
    }

    func check(_ pup: Pup) throws {
      for id in ["flood", "packets"] {
        let written = try Written(pup.path("\(id).count"))
        var store = LineCheck(id: id)
        store.read(store: "\(pup.data)/logs/\(id)")
        #expect(store.out.problems.isEmpty && store.err.problems.isEmpty, "\(id)")
        #expect(written.out.contains(store.out.lines), "\(id): \(store.out.lines) lines of \(written.out)")
        #expect(written.err.contains(store.err.lines), "\(id): \(store.err.lines) lines of \(written.err)")
      }
      let written = try Written(pup.path("flood.count"))
      var file = LineCheck(id: "flood")
      file.read(file: pup.path("flood.log"))
      #expect(file.out.problems.isEmpty && file.err.problems.isEmpty)
      #expect(written.out.contains(file.out.lines) && written.err.contains(file.err.lines))
    }
  }
}
