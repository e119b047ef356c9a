internal import Glibc
internal import PupAPI
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// `kill -9` of the keeper, alone and together with the brain.
  @Suite struct KeeperDeathTests {
    private static let configuration = """
      { terminateTimeout: 3, processes: [
        { id: 'writer', autostart: true, logger: { console: false },
          cmd: '\(Machine.child) --both --forever --rate 300 --count-file writer.count --append starts writer' },
        { id: 'chunks', autostart: true, logger: { console: false, stdout: 'chunks.out' },
          cmd: '\(Machine.child) --forever --rate 300 --chunk 100 --count-file chunks.count --append starts chunks' },
        { id: 'quitter', autostart: true, restart: 'error', restartDelayMs: 50,
          cmd: '\(Machine.child) --append starts quitter --on-term 0 --on-term-code 7 --hold' },
      ] }
      """

    @Test(.timeLimit(.minutes(5))) func brainStartsAnotherKeeper() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let (old, before) = (try pup.keeperPid(), try pids(pup))
        try pup.killKeeper()
        let death = try pup.wait(for: .keeper, naming: "pid \(old)")
        // Ctrl-C ended what the shell knows as `pup run`.
        #expect(death.contains("pup terminate --config \(pup.folder)/pup.json"), "\(death)")
        try pup.awaitSupervision()
        #expect(try pids(pup) == before)
        let keeper = try pup.keeperPid()
        #expect(keeper != old && Processes.isAlive(keeper))
        // The new one can do everything: start, stop, see an end. (What it is asked first shows that it has adopted the others.)
        #expect(try pup.tell("restart", "writer") == "accepted")
        try pup.wait(for: .starting, in: "writer", count: 2)
        try pup.reach("writer", "running")
        try Files.wait(pup.folder, for: "the second start") { (try? starts(pup)["writer"]) == 2 }
        try checkQuitter(pup, pid: before["quitter"] ?? 0)
        // … and die as well.
        try pup.killKeeper()
        try pup.wait(for: .keeper, naming: "pid \(keeper)")
        #expect(try pup.tell("restart", "writer") == "accepted")
        try pup.wait(for: .starting, in: "writer", count: 3)
        try Files.wait(pup.folder, for: "the third start") { (try? starts(pup)["writer"]) == 3 }
        try pup.stopKeeper()
        try check("chunks", pup)
        #expect(try starts(pup) == ["chunks": 1, "quitter": 2, "writer": 3])
      }
    }

    @Test(.timeLimit(.minutes(5))) func nextRunTakesSurvivorsOver() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let before = try pids(pup)
        try pup.killKeeperAndBrain()
        #expect(before.values.allSatisfy { Processes.isAlive($0) })
        try pup.run()
        try pup.wait(for: .takeover)
        #expect(try pids(pup) == before)
        try checkQuitter(pup, pid: before["quitter"] ?? 0)
        try pup.stop()
        for id in ["writer", "chunks"] { try check(id, pup) }
        #expect(try starts(pup) == ["chunks": 1, "quitter": 2, "writer": 1])
      }
    }

    /// Where a service manager starts Pup again, a keeper that a brain had started would be in the way for ever.
    @Test(.timeLimit(.minutes(5)), arguments: [false, true])
    func brainGoesWithItsKeeperUnderAServiceManager(whileItHangs: Bool) throws {
      try Pup.test(Self.configuration) { pup in
        pup.environment["PUP_RESTARTED_BY"] = "systemd"
        try pup.run()
        let before = try pids(pup)
        if whileItHangs { try Processes.stop(pup.brain) }
        try pup.killKeeperOfABrainThatFollows()
        #expect(before.values.allSatisfy { Processes.isAlive($0) })
        try pup.run()
        try pup.wait(for: .takeover)
        #expect(try pids(pup) == before)
        // A brain that is lost alone is replaced as ever, and the next one follows as well.
        let brain = pup.brain
        Processes.kill(brain)
        try pup.wait(for: .takeover, count: 2)
        try pup.stop()
        for id in ["writer", "chunks"] { try check(id, pup) }
        #expect(try starts(pup) == ["chunks": 1, "quitter": 1, "writer": 1])
      }
    }

    /// One that ended meanwhile is not taken for alive, and starts as `pup run` starts it.
    @Test(.timeLimit(.minutes(5))) func whatEndedMeanwhileStartsAnew() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let before = try pids(pup)
        try pup.killKeeperAndBrain()
        let victim = before["quitter"] ?? 0
        try pup.kill(survivor: victim)
        try pup.run()
        try pup.reach("all", "running")
        let after = try pids(pup)
        #expect(after["writer"] == before["writer"] && after["chunks"] == before["chunks"])
        #expect(after["quitter"] != victim)
        try Files.wait(pup.folder, for: "the second start") { (try? starts(pup)["quitter"]) == 2 }
        try pup.stop()
        for id in ["writer", "chunks"] { try check(id, pup) }
        #expect(try starts(pup) == ["chunks": 1, "quitter": 2, "writer": 1])
      }
    }

    /// What survivors wrote into their pipes while nobody read them.
    @Test(.timeLimit(.minutes(5))) func outputWaitsInThePipe() throws {
      try Pup.test(
        """
        { processes: [ { id: 'waiter', autostart: true, cmd: '\(Machine.child) --prompt before --hold' },
          { id: 'bursts', autostart: true, logger: { console: false },
            cmd: 'read line < go; \(Machine.child) --spew 800; echo yes > done; exec \(Machine.child) --hold' } ] }
        """
      ) { pup in
        mkfifo(pup.path("go"), 0o600)
        try pup.run()
        try pup.reach("bursts", "running")
        try pup.wait(for: "before", in: "waiter")
        let pid = try pup.pid("bursts")
        try pup.killKeeperAndBrain()
        try Files.write("now\n", to: pup.path("go"))
        try pup.waitForFile("done")
        try pup.run()
        try pup.wait(for: "out 800 bursts", in: "bursts")
        #expect(try pup.pid("bursts") == pid)
        try pup.stop()
        var store = LineCheck(id: "bursts")
        store.read(store: "\(pup.data)/logs/bursts")
        #expect(store.out.problems.isEmpty)
        #expect(store.out.lines == 800)
      }
    }

    @Test(.timeLimit(.minutes(5))) func sweepEndsSurvivors() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let before = try pids(pup)
        let running = try pup.command(["sweep"])
        #expect(running.code == 69)
        #expect(running.error.contains("\(try pup.keeperPid())"))
        try pup.killKeeperAndBrain()
        let swept = try pup.command(["sweep"])
        #expect(swept.code == 0)
        for id in before.keys { #expect(swept.output.contains("\(id): stopped")) }
        #expect(!swept.output.contains("history"), "\(swept)")
        for (id, pid) in before {
          let last = try pup.json("history", id, "--json").arrayValue?.last
          #expect(last?["newState"] == "finished" && last?["pid"]?.integerValue == Int64(pid), "\(id): \(last as Any)")
          #expect(last?["cause"]?.stringValue?.contains("pup sweep") == true)
          #expect(last?["actor"]?.stringValue?.hasPrefix("cli:") == true)
        }
        #expect(!Processes.anyIsAlive(Array(before.values)))
        let again = try pup.command(["sweep"])
        #expect(again.code == 0)
        #expect(again.output == "nothing was left behind\n")
      }
    }

    /// The number of a dead program may be somebody else's by now.
    @Test(
      .timeLimit(.minutes(5)), .enabled(if: Machine.isRoot, "choosing the next pid needs root"), arguments: ["run", "sweep"])
    func neverSignalsAReusedPid(command: String) throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --hold' } ] }") { pup in
        try pup.run()
        try pup.reach("one", "running")
        let pid = try pup.pid("one")
        let started = ProcFiles.stat(of: pid)?.startTime
        try pup.killKeeperAndBrain()
        try pup.kill(survivor: pid)
        // The kernel tells start times in hundredths of a second; nobody's pid comes round in one, but here it may.
        var stranger = try startStranger(pid: pid)
        while ProcFiles.stat(of: pid)?.startTime == started {
          stranger.signal(SIGKILL)
          try #require(stranger.wait(seconds: 5) != nil)
          stranger = try startStranger(pid: pid)
        }
        if command == "run" {
          try pup.run()
          try pup.reach("one", "running")
          #expect(try pup.pid("one") != pid)
          try pup.stop()
        } else {
          #expect(try pup.command(["sweep"]).code == 0)
        }
        #expect(stranger.ending == nil, "the stranger was signalled: \(String(describing: stranger.ending))")
        stranger.signal(SIGKILL)
        _ = stranger.wait(seconds: 5)
      }
    }

    // MARK: -

    /// Of programs that have begun to do something.
    private func pids(_ pup: Pup) throws -> [String: Int32] {
      try pup.reach("all", "running")
      try Files.wait(pup.folder, for: "the first starts") { (try? starts(pup).count) == 3 }
      return Dictionary(uniqueKeysWithValues: try pup.statuses().map { ($0.id, $0.pid) })
    }

    private func starts(_ pup: Pup) throws -> [String: Int] {
      var counts: [String: Int] = [:]
      for line in Files.lines(pup.path("starts")) { counts[String(line.split(separator: " ")[0]), default: 0] += 1 }
      return counts
    }

    /// Ends a program that an earlier keeper started: the code is told where it can be known, and the restart policy goes on.
    private func checkQuitter(_ pup: Pup, pid: Int32) throws {
      Processes.kill(pid, SIGTERM)
      let line = try pup.wait(for: .errored, in: "quitter")
      // A pup-init is still the parent; else the kernel has to tell.
      if Machine.tellsForeignExits || !Machine.usesCgroups {
        #expect(line.contains("exit code 7"))
      } else {
        #expect(line.contains("exit status unknown"))
      }
      try pup.reach("quitter", "running")
      #expect(try pup.pid("quitter") != pid)
      try Files.wait(pup.folder, for: "the second start") {
        Files.lines(pup.path("starts")).count { $0.hasPrefix("quitter") } == 2
      }
    }

    private func check(_ id: String, _ pup: Pup) throws {
      let written = try Written(pup.path("\(id).count"))
      var store = LineCheck(id: id)
      store.read(store: "\(pup.data)/logs/\(id)")
      #expect(store.out.problems.isEmpty, "\(id)")
      #expect(written.out.contains(store.out.lines), "\(id): \(store.out.lines) lines of \(written.out)")
      if id == "writer" {
        #expect(store.err.problems.isEmpty, "\(id)")
        #expect(written.err.contains(store.err.lines), "\(id): \(store.err.lines) lines of \(written.err)")
      } else {
        var file = LineCheck(id: id)
        file.read(file: pup.path("chunks.out"))
        #expect(file.out.problems.isEmpty, "\(id) in its file")
        #expect(written.out.contains(file.out.lines), "\(id) in its file: \(file.out.lines) lines of \(written.out)")
      }
    }

    private func startStranger(pid: Int32) throws -> Child {
      for _ in 0..<200 {
        try Files.write("\(pid - 1)", to: "/proc/sys/kernel/ns_last_pid")
        let child = try Child(
          ["sleep", "60"], environment: ["PATH": "/usr/bin:/bin"], directory: "/", output: 1, error: 2)
        if child.pid == pid { return child }
        child.signal(SIGKILL)
        _ = child.wait(seconds: 5)
      }
      throw Failure("the pid \(pid) could not be had again")
    }
  }
}
