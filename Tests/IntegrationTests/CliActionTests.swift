internal import Glibc
internal import PupAPI
internal import Testing

extension Integration {
  /// `start`, `stop`, `restart`, `block`, `unblock` and `terminate`: they wait, say what happened, and mean it by their exit
  /// code.
  @Suite struct CliActionTests {
    private static let configuration = """
      { terminateTimeout: 2, processes: [
        { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'worker-a', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'worker-b', cmd: '\(Machine.child) --hold' },
        { id: 'broken', cmd: '/nonexistent/program' },
        { id: 'stubborn', cmd: '\(Machine.child) --ignore TERM --append ready r --hold', terminateTimeout: 6 },
        { id: 'pool', cmd: '\(Machine.child) --hold', cluster: { instances: 2 } },
      ] }
      """

    private func test(_ body: (Pup) throws -> Void) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        try pup.reach("worker-a", "running")
        try body(pup)
        if pup.process?.ending == nil { try pup.stop() }
      }
    }

    @Test(.timeLimit(.minutes(5))) func eachActionIsDoneWhenItReturns() throws {
      try test { pup in
        let pid = try pup.pid("web")
        #expect(try pup.cli("stop", "WEB") == "web: stopped\n")
        #expect(!Processes.isAlive(pid))
        #expect(try pup.status("web").state == "finished")
        #expect(try pup.cli("stop", "web").hasPrefix("web: "))
        let started = try pup.cli("start", "web")
        #expect(started == "web: started (pid \(try pup.pid("web")))\n")
        let before = try pup.pid("web")
        let restarted = try pup.cli("restart", "web")
        let after = try pup.pid("web")
        #expect(restarted == "web: restarted (pid \(after))\n" && before != after)
        #expect(try pup.cli("block", "web").hasPrefix("web: blocked"))
        #expect(try pup.status("web").isBlocked)
        _ = try pup.command(["stop", "web"])
        let refused = try pup.command(["start", "web"])
        #expect(refused.code == 1 && refused.output.isEmpty && refused.error.contains("web: ") && refused.error.contains("block"))
        #expect(try pup.cli("unblock", "web").hasPrefix("web: unblocked"))
        #expect(try !pup.status("web").isBlocked)
      }
    }

    /// What is decided otherwise is told at once, and is no success.
    @Test(.timeLimit(.minutes(5)), arguments: ["stop", "block", "terminate"])
    func awaitedInVain(_ other: String) throws {
      try test { pup in
        try pup.cli("start", "stubborn")
        try pup.waitForFile("ready")
        let waiting = try pup.background(["restart", "stubborn", "--timeout", "5m"])
        try pup.reach("stubborn", "stopping")
        _ = try pup.command([other] + (other == "terminate" ? ["--no-wait"] : ["stubborn", "--no-wait"]))
        #expect(waiting.wait(seconds: 20) == .exited(1))
        let said = Files.text(pup.path("background.err")) ?? ""
        let word =
          ["stop": "stopped in the meantime by cli:", "block": "blocked in the meantime by cli:"][other]
          ?? "everything is being stopped"
        #expect(said.contains("stubborn: ") && said.contains(word), "\(said)")
        if other == "terminate" { #expect(pup.process?.wait(seconds: 15) == .exited(0)) }
      }
    }

    @Test(.timeLimit(.minutes(5))) func severalGlobsAndAll() throws {
      try test { pup in
        let started = try pup.cli("start", "worker-*", "pool")
        #expect(started.split(separator: "\n").map { $0.prefix { $0 != ":" } } == ["worker-a", "worker-b", "pool-1", "pool-2"])
        for id in ["worker-a", "worker-b", "pool-1", "pool-2"] { #expect(try pup.status(id).state == "running") }
        let result = try pup.json("stop", "all", "--json").arrayValue ?? []
        #expect(result.count == 7)
        #expect(result.allSatisfy { ["done", "unchanged"].contains($0["outcome"]?.stringValue) })
        #expect(try pup.statuses().allSatisfy { !["running", "starting", "stopping"].contains($0.state) })
      }
    }

    @Test(.timeLimit(.minutes(5))) func whatGoesWrongIsSaid() throws {
      try test { pup in
        let unknown = try pup.command(["restart", "web", "wrker-a"])
        #expect(unknown.code == 66 && unknown.error.contains("did you mean 'worker-a'"))
        let pid = try pup.pid("web")
        #expect(Processes.isAlive(pid), "nothing happens where a name is wrong")
        let broken = try pup.command(["start", "broken", "worker-b"])
        #expect(broken.code == 1 && broken.error.contains("broken: "), "\(broken.error)")
        #expect(broken.output.hasPrefix("worker-b: started"), "the others are done")
        #expect(try pup.command(["start"]).code == 64)
        #expect(try pup.command(["start", "web", "--timeout", "0"]).code == 64)
      }
    }

    @Test(.timeLimit(.minutes(5))) func whatEndsAtOnceIsNoSuccess() throws {
      try Pup.test("{ processes: [ { id: 'crash', cmd: 'exit 3' }, { id: 'job', cmd: 'true' } ] }") { pup in
        try pup.run()
        try pup.reach("crash", "created")
        for action in ["start", "restart"] {
          let result = try pup.command([action, "crash"])
          #expect(result.code == 1 && result.error.contains("ed, but ended: exit code 3"), "\(result.error)")
        }
        #expect(try pup.command(["start", "job"]).code == 0)
        try pup.stop()
      }
    }

    /// At once, not when the process has ended.
    @Test(.timeLimit(.minutes(5)), arguments: [("block", "blocked"), ("stop", "stopped")])
    func whatIsOvertakenEndsTheWaiting(other: String, word: String) throws {
      try test { pup in
        try pup.cli("start", "stubborn")
        try pup.waitForFile("ready")
        let waiting = try pup.background(["restart", "stubborn"])
        try pup.reach("stubborn", "stopping")
        try pup.cli(other, "stubborn", "--no-wait")
        #expect(waiting.wait(seconds: 3) == .exited(1))
        let complaint = Files.text(pup.path("background.err")) ?? ""
        #expect(complaint.contains("stubborn: \(word) in the meantime by cli:"), "\(complaint)")
        // The process that ignores SIGTERM is still there: nobody waited for its end.
        Processes.kill(try pup.pid("stubborn"))
        try pup.reach("stubborn", "finished")
      }
    }

    /// The restart is carried to its end by the next supervisor, and the command waits for it there.
    @Test(.timeLimit(.minutes(5)), arguments: [SIGKILL, SIGUSR2])
    func aRestartIsAwaitedAcrossSupervisors(signal: Int32) throws {
      try test { pup in
        try pup.cli("start", "stubborn")
        try pup.waitForFile("ready")
        let pid = try pup.pid("stubborn")
        let waiting = try pup.background(["restart", "stubborn"], output: "said")
        try pup.reach("stubborn", "stopping")
        Processes.kill(signal == SIGKILL ? pup.brain : try pup.keeperPid(), signal)
        #expect(waiting.wait(seconds: 20) == .exited(0), "\(Files.text(pup.path("said.err")) ?? "")")
        let next = try pup.pid("stubborn")
        #expect(next != pid && Files.text(pup.path("said")) == "stubborn: restarted (pid \(next))\n")
      }
    }

    @Test(.timeLimit(.minutes(5))) func waitingHasAnEnd() throws {
      try test { pup in
        try pup.cli("start", "stubborn")
        try pup.waitForFile("ready")
        let pid = try pup.pid("stubborn")
        let late = try pup.command(["stop", "stubborn", "--timeout", "1"])
        #expect(late.code == 75 && late.error.contains("not done after 1 s"), "\(late.error)")
        #expect(Processes.isAlive(pid))
        // It goes on, and a second command waits for the same end.
        try pup.cli("stop", "stubborn")
        #expect(!Processes.isAlive(pid))
        #expect(try pup.cli("start", "worker-b", "--no-wait") == "worker-b: start accepted\n")
        try pup.reach("worker-b", "running")
      }
    }

    @Test(.timeLimit(.minutes(5))) func controlCEndsTheWaiting() throws {
      try test { pup in
        try pup.cli("start", "stubborn")
        try pup.waitForFile("ready")
        pup.environment["TERM"] = "xterm"
        let terminal = try Terminal()
        let child = try pup.background(["stop", "stubborn"], terminal: terminal.path)
        try terminal.wait(for: "waiting for stubborn")
        terminal.type("\u{3}")
        try terminal.wait(for: "no longer waited for; the stop continues")
        #expect(child.wait(seconds: 5) == .exited(130))
        try pup.reach("stubborn", "finished")
      }
    }

    @Test(.timeLimit(.minutes(5))) func terminateWaitsForTheEnd() throws {
      try test { pup in
        let (keeper, web) = (try pup.keeperPid(), try pup.pid("web"))
        #expect(try pup.cli("terminate") == "Pup (pid \(keeper)) has ended\n")
        #expect(!Processes.isAlive(web))
        #expect(pup.process?.wait(seconds: 5) == .exited(0))
        #expect(try pup.command(["terminate"]).code == 69)
      }
    }

    @Test(.timeLimit(.minutes(5))) func terminateNeedNotWait() throws {
      try test { pup in
        try pup.cli("start", "stubborn")
        try pup.waitForFile("ready")
        let late = try pup.command(["terminate", "--timeout", "1"])
        #expect(late.code == 75, "\(late.error)")
        #expect(pup.process?.wait(seconds: 10) == .exited(0))
      }
    }
  }
}
