internal import Glibc
internal import PupAPI
internal import Testing

extension Integration {
  /// `start`, `stop`, `restart`, `block`, `unblock` and `terminate`: they wait, say what happened, and mean it by their exit code.
  @Suite struct CliActionTests {
    private static let configuration = """
      { terminateTimeout: 2, processes: [
        { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'worker-a', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'worker-b', cmd: '\(Machine.child) --hold' },
        { id: 'broken', cmd: '/nonexistent/program' },
        { id: 'stubborn', cmd: '\(Machine.child) --ignore TERM --append ready r --hold', terminateTimeout: 4 },
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

    @Test(.timeLimit(.minutes(1))) func eachActionIsDoneWhenItReturns() throws {
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

    @Test(.timeLimit(.minutes(1))) func severalGlobsAndAll() throws {
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

    @Test(.timeLimit(.minutes(1))) func whatGoesWrongIsSaid() throws {
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

    @Test(.timeLimit(.minutes(1))) func whatEndsAtOnceIsNoSuccess() throws {
      try Pup.test("{ processes: [ { id: 'crash', cmd: '\(Machine.child) --exit 3' }, { id: 'job', cmd: 'true' } ] }") { pup in
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

    @Test(.timeLimit(.minutes(1))) func waitingHasAnEnd() throws {
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

    @Test(.timeLimit(.minutes(1))) func controlCEndsTheWaiting() throws {
      try test { pup in
        try pup.cli("start", "stubborn")
        try pup.waitForFile("ready")
        pup.environment["TERM"] = "xterm"
        let terminal = try Terminal()
        let child = try pup.background(["stop", "stubborn"], terminal: terminal.path)
        try terminal.wait(for: "waiting for stubborn")
        terminal.type("\u{3}")
        try terminal.wait(for: "not awaited any more; the stop goes on")
        #expect(child.wait(seconds: 5) == .exited(130))
        try pup.reach("stubborn", "finished")
      }
    }

    @Test(.timeLimit(.minutes(1))) func terminateWaitsForTheEnd() throws {
      try test { pup in
        let (keeper, web) = (try pup.keeperPid(), try pup.pid("web"))
        #expect(try pup.cli("terminate") == "Pup (pid \(keeper)) has ended\n")
        #expect(!Processes.isAlive(web))
        #expect(pup.process?.wait(seconds: 5) == .exited(0))
        #expect(try pup.command(["terminate"]).code == 69)
      }
    }

    @Test(.timeLimit(.minutes(1))) func terminateNeedNotWait() throws {
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
