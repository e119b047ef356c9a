internal import Glibc
internal import PupAPI
internal import PupCore
internal import Testing

extension Integration {
  /// What an operator decided by the interface holds until an operator decides otherwise.
  @Suite struct ApiDecisionTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --append runs run --hold' },
        { id: 'other', autostart: true, cmd: '\(Machine.child) --append other.runs run --hold' } ] }
      """

    @Test(.timeLimit(.minutes(5))) func aStopOutlivesTheRun() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("all", "running")
        for name in ["runs", "other.runs"] { try pup.waitForFile(name) }
        #expect(try pup.act("stop", "web", wait: 10, by: "alice").outcome == "done")
        try pup.stop()
        try pup.run()
        try pup.reach("other", "running")
        let refusal = try pup.wait(for: .refused, in: "web")
        #expect(refusal == "not started (autostart): alice stopped it; start it to release it")
        let web = try pup.information("web")
        #expect(web["status"] == 0 || web["status"] == 300)
        #expect(web["explanation"]?.stringValue?.contains("alice") == true, "\(web)")
        try Files.wait(pup.folder, for: "the other's next run") { Files.lines(pup.path("other.runs")).count == 2 }
        #expect(Files.lines(pup.path("runs")).count == 1)
        #expect(try pup.act("start", "web", wait: 10, by: "bob").outcome == "done")
        try pup.stop()
        try pup.run()
        try pup.reach("web", "running")
        #expect(!Files.exists("\(pup.data)/.main.desired"))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func aBlockOutlivesTheRun() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("all", "running")
        #expect(try pup.act("block", "web", by: "alice").outcome == "accepted")
        // Also when nobody had the time to end anything.
        try pup.killKeeperAndBrain()
        for pid in Processes.marked(pup.mark, below: pup.folder) { try pup.kill(survivor: pid) }
        try pup.run()
        try pup.reach("other", "running")
        let web = try pup.information("web")
        #expect(web["blocked"] == true && web["pid"] == nil)
        let start = try pup.act("start", "web", wait: 10)
        #expect(start.status == 409 && start.error.contains("blocked by alice"), "\(start)")
        #expect(try pup.act("unblock", "web").outcome == "accepted")
        #expect(try pup.act("start", "web", wait: 10).outcome == "done")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func historyNamesWhoAndWhy() throws {
      try Pup.test(
        """
        { terminateTimeout: 1, processes: [
          { id: 'app', cmd: '\(Machine.child) --allocate 24 --spew 1 --hold' },
          { id: 'fails', autostart: true, restartDelayMs: 1, restartLimit: 1, cmd: '\(Machine.child) --exit 7' },
          { id: 'deaf', cmd: '\(Machine.child) --ignore TERM --append deaf.ready r --hold' } ] }
        """
      ) { pup in
        try pup.run()
        #expect(try pup.act("start", "app", wait: 10, by: "alice").outcome == "done")
        try pup.wait(for: "out 1", in: "app")
        Processes.kill(try pup.pid("app"), SIGSEGV)
        try pup.reach("app", "failed")
        try pup.reach("fails", "exhausted")
        #expect(try pup.act("start", "deaf", wait: 10, by: "bob").outcome == "done")
        try pup.waitForFile("deaf.ready")
        #expect(try pup.act("stop", "deaf", wait: 10, by: "carol").outcome == "done")

        let app = try pup.history("app")
        #expect(app.compactMap { $0["newState"]?.stringValue } == ["created", "starting", "running", "failed"])
        #expect(app.compactMap { $0["oldState"]?.stringValue } == ["created", "starting", "running"])
        #expect(app[1]["actor"] == "alice" && app[2]["actor"] == "alice" && app[3]["actor"] == "the program")
        #expect(app[3]["signal"] == "SIGSEGV" && app[3]["code"] == nil)
        #expect((app[3]["peakMemory"]?.integerValue ?? 0) > 20 << 20 && app[3]["userSeconds"]?.doubleValue != nil)
        let times = app.compactMap { $0["time"]?.stringValue }
        #expect(times == times.sorted() && times.count == 4)

        let fails = try pup.history("fails")
        #expect(fails.compactMap { $0["newState"]?.stringValue }.suffix(2) == ["failed", "exhausted"])
        #expect(fails.count { $0["code"] == 7 && $0["newState"] == "failed" } == 2)
        #expect(fails.contains { $0["actor"] == "autostart" } && fails.contains { $0["actor"] == "the restart policy" })
        #expect(fails.last?["restarts"] == 1)
        // What a run used is told with its end, once.
        #expect(fails.count { $0["peakMemory"] != nil } == 2 && fails.last?["peakMemory"] == nil)

        let deaf = try pup.history("deaf")
        #expect(deaf.contains { $0["newState"] == "stopping" && $0["actor"] == "carol" })
        #expect(deaf.last?["newState"] == "finished" && deaf.last?["signal"] == "SIGKILL")
        // Oldest first, the newest so many.
        let two = try pup.call("GET", "/processes/deaf/history?count=2").data.arrayValue ?? []
        #expect(two == Array(deaf.suffix(2)))
        #expect(try pup.call("GET", "/processes/deaf/history?count=0").status == 400)

        // It is still there in the next run.
        try pup.stop()
        try pup.run()
        let later = try pup.history("app")
        #expect(Array(later.prefix(4)) == app)
        try pup.stop()
      }
    }
  }
}
