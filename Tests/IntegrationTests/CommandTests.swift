internal import Glibc
internal import PupCore
internal import Testing

extension Integration {
  /// What an operator asks for.
  @Suite struct CommandTests {
    private static let configuration = """
      { processes: [ { id: 'Web', autostart: true, restartDelayMs: 20, cmd: '\(Machine.child) --append runs run --hold' },
        { id: 'idle', cmd: '\(Machine.child) --hold' }, { id: 'flock', cluster: { instances: 3 }, cmd: '\(Machine.child) --hold' } ] }
      """

    /// The original undid an operator's stop at once.
    @Test(.timeLimit(.minutes(5))) func aStopSticks() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.waitForFile("runs")
        #expect(try pup.tell("stop", "WEB") == "accepted")
        try pup.reach("web", "finished")
        #expect(try pup.tell("stop", "web").hasPrefix("unchanged"))
        #expect(try pup.status("web").isHeld)
        // Also when the supervisor dies, …
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.status("web").state == "finished")
        try pup.stop()
        // … and across `pup run`, which says so.
        try pup.run()
        let refusal = try pup.wait(for: .refused, in: "Web")
        #expect(refusal == "not started (autostart): tester stopped it; start it to release it")
        #expect(Files.lines(pup.path("runs")).count == 1)
        #expect(try pup.tell("start", "web") == "accepted")
        try pup.reach("web", "running")
        #expect(try !pup.status("web").isHeld)
        try pup.stop()
        try pup.run()
        try pup.reach("web", "running")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func stopDuringTheDelayOfARestart() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, restartDelayMs: 30000, cmd: 'exit 1' } ] }") { pup in
        try pup.run()
        try pup.reach("one", "failed")
        #expect(try pup.tell("stop", "one") == "accepted")
        let status = try pup.status("one")
        #expect(status.isHeld && status.state == "failed")
        #expect(!status.explanation.contains("restarts in"))
        let refusal = try pup.wait(for: .refused, in: "one")
        #expect(refusal == "not started (the restart policy): tester stopped it")
        try pup.stop()
      }
    }

    /// A program gets its SIGTERM, however young it is.
    @Test(.timeLimit(.minutes(5))) func stopRightAfterStart() throws {
      try Pup.test("{ terminateTimeout: 30, processes: [ { id: 'one', cmd: '\(Machine.child) --hold' } ] }") { pup in
        try pup.run()
        for round in 0..<40 {
          let (start, stop) = (try pup.channel.send("start one"), try pup.channel.send("stop one"))
          let deadline = Deadline(seconds: 5)
          for number in [start, stop] {
            #expect(pup.channel.line(until: deadline) { $0.hasPrefix("\(number) ") } == "\(number) accepted", "round \(round)")
          }
          try pup.reach("one", "finished", seconds: 5)
        }
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func restart() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let first = try pup.pid("web")
        #expect(try pup.tell("restart", "web") == "accepted")
        #expect(try pup.wait(for: .starting, in: "Web", count: 2) == "starting (tester)")
        try pup.reach("web", "running")
        let second = try pup.pid("web")
        #expect(second != first && !Processes.isAlive(first))
        #expect(try pup.tell("stop", "web") == "accepted")
        try pup.reach("web", "finished")
        // The restart of a stopped one starts it, and releases it.
        #expect(try pup.tell("restart", "web") == "accepted")
        try pup.reach("web", "running")
        #expect(try !pup.status("web").isHeld)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func start() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        #expect(try pup.tell("start", "web") == "unchanged already running")
        #expect(try pup.tell("start", "idle") == "accepted")
        try pup.reach("idle", "running")
        #expect(try pup.tell("start", "nobody").hasPrefix("unknown "))
        #expect(try pup.tell("stop", "core").hasPrefix("unknown"))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func blockedStartsForNobody() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let pid = try pup.pid("web")
        #expect(try pup.tell("block", "web") == "accepted")
        #expect(try pup.tell("block", "web").hasPrefix("unchanged"))
        // What runs goes on; what ended does not come back.
        #expect(Processes.isAlive(pid))
        Processes.kill(pid)
        let first = try pup.wait(for: .blocked, in: "Web")
        #expect(first.hasPrefix("not started (the restart policy): blocked by tester"), "\(first)")
        try pup.reach("web", "failed")
        #expect(try pup.tell("start", "web").hasPrefix("refused blocked by tester"))
        #expect(try pup.tell("restart", "web").hasPrefix("refused blocked by tester"))
        try pup.stop()
        try pup.run()
        #expect(try pup.status("web").isBlocked)
        // Behind those of the restart policy and of the two commands.
        let last = try pup.wait(for: .blocked, in: "Web", count: 4)
        #expect(last.hasPrefix("not started (autostart): blocked by tester"), "\(last)")
        #expect(try pup.tell("unblock", "web") == "accepted")
        #expect(try pup.tell("unblock", "web").hasPrefix("unchanged"))
        #expect(try pup.tell("start", "web") == "accepted")
        try pup.reach("web", "running")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func aClusterIsAddressedAsOne() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        #expect(try pup.tell("start", "flock") == "accepted")
        for member in 1...3 { try pup.reach("flock-\(member)", "running") }
        #expect(try pup.tell("stop", "flock-2") == "accepted")
        try pup.reach("flock-2", "finished")
        #expect(try pup.status("flock-1").state == "running")
        #expect(try pup.tell("stop", "flock") == "accepted")
        for member in 1...3 { try pup.reach("flock-\(member)", "finished") }
        #expect(try pup.tell("start", "all") == "accepted")
        try pup.reach("all", "running")
        #expect(try pup.tell("stop", "all") == "accepted")
        try pup.reach("all", "finished")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func nothingStartsWhileEverythingStops() throws {
      try Pup.test(
        """
        { terminateTimeout: 5, processes: [ { id: 'slow', autostart: true, cmd: '\(Machine.child) --ignore TERM --append ready r --hold' },
          { id: 'idle', cmd: '\(Machine.child) --append runs run --hold' } ] }
        """
      ) { pup in
        let process = try pup.run()
        try pup.waitForFile("ready")
        process.signal(SIGTERM)
        try pup.wait(for: .terminate)
        #expect(try pup.tell("start", "idle").hasPrefix("refused everything is being stopped"))
        #expect(process.wait(seconds: 10) == .exited(0))
        #expect(!Files.exists(pup.path("runs")))
      }
    }
  }
}
