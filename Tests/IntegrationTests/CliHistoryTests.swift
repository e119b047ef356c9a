internal import Glibc
internal import PupAPI
internal import Testing

extension Integration {
  /// `pup why`, `pup history` and `pup monitor`.
  @Suite struct CliHistoryTests {
    private static let configuration = """
      { terminateTimeout: 2, processes: [
        { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'crasher', cmd: '\(Machine.child) --exit 3', restart: 'error', restartDelayMs: 20, restartLimit: 2 },
        { id: 'talker', cmd: 'echo spoken; echo shouted >&2' },
      ] }
      """

    private func test(_ body: (Pup) throws -> Void) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        try body(pup)
        if pup.process?.ending == nil { try pup.stop() }
      }
    }

    private var user: String { getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "" }

    @Test(.timeLimit(.minutes(5))) func whyNamesCauseAndActor() throws {
      try test { pup in
        try pup.cli("stop", "web")
        let why = try pup.cli("why", "web")
        #expect(why.hasPrefix("web: "))
        #expect(why.contains("cli:\(user)"), "\(why)")
        #expect(why.contains("stopping->finished"))
        _ = try pup.command(["start", "crasher"])
        try pup.reach("crasher", "exhausted")
        let json = try pup.json("why", "crasher", "--json", "-n", "50")
        #expect(json["status"]?["status"] == 450)
        let exits = json["history"]?.arrayValue?.compactMap { $0["code"]?.integerValue } ?? []
        #expect(exits.filter { $0 == 3 }.count >= 3, "\(json)")
        #expect(try pup.command(["why", "wbe"]).code == 66)
        #expect(try pup.command(["why"]).code == 64)
      }
    }

    @Test(.timeLimit(.minutes(5))) func historyOutlivesPup() throws {
      try test { pup in
        try pup.cli("stop", "web")
        let running = try pup.json("history", "web", "--json", "-n", "1000").arrayValue ?? []
        #expect(running.count >= 4)
        #expect(running.last?["newState"] == "finished" && running.last?["processId"] == "web")
        #expect(try pup.cli("history", "-n", "2").split(separator: "\n").count == 3)
        try pup.stop()
        let stopped = try pup.json("history", "web", "--json", "-n", "1000").arrayValue ?? []
        #expect(stopped.prefix(running.count).map { $0["newState"] } == running.map { $0["newState"] })
        #expect(try pup.cli("history").contains("web"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func aNameIsKnownOrNotWithAndWithoutPup() throws {
      try test { pup in
        func refusals() throws {
          for names in [["wbe"], ["web", "wbe"], ["all", "wbe"], ["x*"], ["no/thing"]] {
            let result = try pup.command(["history", "--json"] + names)
            #expect(result.code == 66 && result.output.isEmpty, "\(names): \(result)")
          }
          #expect(try pup.command(["history", "wbe"]).error.contains("did you mean 'web'"))
          // One that has not run has no history, and two names may mean one process.
          #expect(try pup.command(["history", "talker", "TALK*"]).code == 0)
          let once = try pup.json("history", "web", "--json", "-n", "1000").arrayValue ?? []
          #expect(try pup.json("history", "web", "w*", "WEB", "--json", "-n", "1000").arrayValue == once)
        }
        try refusals()
        try pup.stop()
        try refusals()
        // What left the configuration is remembered, by a Pup that runs and without one.
        try pup.configure("{ processes: [ { id: 'other', cmd: 'sleep 1000' } ] }")
        #expect(try pup.cli("history", "web").contains("finished"))
        #expect(try pup.cli("history", "w*").contains("finished"))
        #expect(try pup.command(["history", "wbe"]).code == 66)
        try pup.run()
        #expect(try pup.cli("history", "web").contains("finished"))
        #expect(try pup.command(["history", "wbe"]).code == 66)
        try pup.stop()
      }
    }

    // MARK: monitor

    @Test(.timeLimit(.minutes(5))) func monitorFollowsAcrossBrains() throws {
      try test { pup in
        let all = try pup.background(["monitor"], output: "all")
        let errors = try pup.background(["monitor", "--id", "talk*", "--severity", "error", "--json"], output: "errors")
        // What happens before the stream is there is not seen.
        try pup.untilSeen("all", "talker:stdout] spoken") { try pup.cli("start", "talker") }
        try pup.untilSeen("errors", "shouted") { try pup.cli("start", "talker") }
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        try pup.untilSeen("all", "[web:process_status_changed]") { try pup.cli("restart", "web") }
        try pup.stop()
        #expect(all.wait(seconds: 10) == .exited(0))
        #expect(errors.wait(seconds: 10) == .exited(0))
        for line in Files.lines(pup.path("errors")) {
          let value = try JSONValue(parsing: Array(line.utf8))
          if let process = value["data"]?["processId"] { #expect(process == "talker") }
          if value["event"] == "log" { #expect(value["data"]?["severity"] == "error") }
        }
        let text = Files.text(pup.path("all")) ?? ""
        #expect(!text.contains("\u{1B}") && !text.contains("core:closed"))
        // A change is told once; what no event says is there.
        #expect(!text.contains(":starting]") && !text.contains(":finished]"), "\(text)")
        // One break, by the kill; the end was in order.
        let said = Files.lines(pup.path("all.err"))
        #expect(said.count { $0.contains("the connection to Pup broke; connecting again") } == 1, "\(said)")
        #expect(said.last == "pup: Pup has ended")
      }
    }

    @Test(.timeLimit(.minutes(5))) func monitorEndsByControlC() throws {
      try test { pup in
        let child = try pup.background(["monitor"], output: "all")
        try pup.untilSeen("all", "spoken") { try pup.cli("start", "talker") }
        child.signal(SIGINT)
        #expect(child.wait(seconds: 5) == .exited(130))
        #expect(try pup.command(["monitor", "--severity", "loud"]).code == 64)
        #expect(try pup.command(["monitor", "--type", "nonsense"]).code == 64)
        #expect(try pup.command(["monitor", "--id", "tlaker"]).code == 66)
      }
    }
  }
}
