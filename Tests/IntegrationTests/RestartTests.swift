internal import PupCore
internal import Testing

extension Integration {
  /// What is started, when, and how often again.
  @Suite struct RestartTests {
    struct Policy: CustomTestStringConvertible, Sendable {
      var keys: String
      var code: Int
      var comesBack: Bool
      var testDescription: String { "\(keys) exit \(code)" }
    }

    private static let policies = [
      Policy(keys: "autostart: true", code: 0, comesBack: true), Policy(keys: "autostart: true", code: 1, comesBack: true),
      Policy(keys: "autostart: true, restart: 'always'", code: 0, comesBack: true),
      Policy(keys: "autostart: true, restart: 'error'", code: 0, comesBack: false),
      Policy(keys: "autostart: true, restart: 'error'", code: 1, comesBack: true),
      Policy(keys: "watch: ['.']", code: 1, comesBack: true), Policy(keys: "cron: '0 0 1 1 *'", code: 1, comesBack: false),
      Policy(keys: "autostart: false", code: 1, comesBack: false),
      Policy(keys: "autostart: false, restart: 'error'", code: 1, comesBack: true),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: policies) func policy(_ policy: Policy) throws {
      try Pup.test(
        "{ processes: [ { id: 'one', \(policy.keys), restartDelayMs: 20, cmd: '\(Machine.child) --append runs run --exit \(policy.code)' } ] }"
      ) { pup in
        try pup.run()
        if !policy.keys.hasPrefix("autostart: true") {
          #expect(try pup.status("one").state == "created")
          #expect(try pup.tell("start", "one") == "accepted")
        }
        if policy.comesBack {
          try Files.wait(pup.folder, for: "three runs") { Files.lines(pup.path("runs")).count >= 3 }
          #expect(try pup.status("one").restarts >= 2)
        } else {
          let state = policy.code == 0 ? "finished" : "failed"
          let line = try pup.wait(for: policy.code == 0 ? .finished : .errored, in: "one")
          #expect(line.hasPrefix("\(state): exit code \(policy.code)"), "\(line)")
          let status = try pup.status("one")
          #expect(status.state == state)
          #expect(!status.explanation.contains("restarts"))
          #expect(Files.lines(pup.path("runs")).count == 1)
        }
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func delay() throws {
      try Pup.test(
        "{ processes: [ { id: 'one', autostart: true, restartDelayMs: 300, cmd: '\(Machine.child) --append runs run --exit 1' } ] }"
      ) { pup in
        try pup.run()
        try Files.wait(pup.folder, for: "three runs") { Files.lines(pup.path("runs")).count >= 3 }
        let times = Files.lines(pup.path("runs")).compactMap { $0.split(separator: " ").last.flatMap { Int64($0) } }
        for (earlier, later) in zip(times, times.dropFirst()) {
          let milliseconds = (later - earlier) / 1_000_000
          #expect(milliseconds >= 300 && milliseconds < 5000, "\(milliseconds) ms")
        }
        try pup.stop()
      }
    }

    /// The original ignored a delay that was set, and used half a second.
    @Test(.timeLimit(.minutes(5))) func defaultDelayIsTenSeconds() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, cmd: 'exit 1' } ] }") { pup in
        try pup.run()
        #expect(try pup.wait(for: .errored, in: "one").contains("restarts in 10 s"))
        // A stop does not wait for it.
        try pup.stop(seconds: 3)
        #expect(pup.lines(of: "one", category: .starting).count == 1)
      }
    }

    @Test(.timeLimit(.minutes(5))) func limitExhausts() throws {
      try Pup.test(
        """
        { processes: [ { id: 'one', autostart: true, restartLimit: 2, restartDelayMs: 10,
          cmd: '\(Machine.child) --append runs run --exit 1' } ] }
        """
      ) { pup in
        try pup.run()
        try pup.reach("one", "exhausted")
        #expect(Files.lines(pup.path("runs")).count == 3)
        #expect(try pup.wait(for: .exhausted, in: "one").contains("after 2 restarts, which is its limit"))
        #expect(pup.lines(of: "one", category: .exhausted).count == 1)
        // Another brain does not forget it.
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.status("one").state == "exhausted")
        // By hand it may try again, as often.
        #expect(try pup.tell("start", "one") == "accepted")
        try Files.wait(pup.folder, for: "six runs") { Files.lines(pup.path("runs")).count >= 6 }
        try pup.reach("one", "exhausted")
        #expect(Files.lines(pup.path("runs")).count == 6)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func limitOfZero() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, restartLimit: 0, restartDelayMs: 10, cmd: 'exit 1' } ] }") {
        pup in
        try pup.run()
        try pup.reach("one", "exhausted")
        try pup.wait(for: .exhausted, in: "one")
        #expect(pup.lines(of: "one", category: .starting).count == 1)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func aSignalIsAnError() throws {
      try Pup.test(
        "{ processes: [ { id: 'one', autostart: true, restart: 'error', restartDelayMs: 10, cmd: '\(Machine.child) --signal KILL' } ] }"
      ) { pup in
        try pup.run()
        #expect(try pup.wait(for: .errored, in: "one", count: 2).hasPrefix("failed: SIGKILL"))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func timeoutEndsARun() throws {
      try Pup.test(
        """
        { processes: [ { id: 'one', autostart: true, timeout: 1, restartDelayMs: 10,
          cmd: '\(Machine.child) --append runs run --hold' } ] }
        """
      ) { pup in
        try pup.run()
        try pup.wait(for: .timeout, in: "one")
        // The policy applies: it comes back.
        try Files.wait(pup.folder, for: "two runs") { Files.lines(pup.path("runs")).count >= 2 }
        let times = Files.lines(pup.path("runs")).compactMap { $0.split(separator: " ").last.flatMap { Int64($0) } }
        let milliseconds = (times[1] - times[0]) / 1_000_000
        #expect(milliseconds >= 990, "\(milliseconds) ms")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func deadlinesSurviveTheSupervisor() throws {
      try Pup.test(
        """
        { processes: [ { id: 'limited', autostart: true, timeout: 2, restart: 'error', cmd: '\(Machine.child) --hold' },
          { id: 'delayed', autostart: true, restartDelayMs: 2000, restartLimit: 1, cmd: '\(Machine.child) --append runs run --exit 1' } ] }
        """
      ) { pup in
        try pup.run()
        try pup.wait(for: .errored, in: "delayed")
        let watch = Stopwatch()
        for _ in 0..<3 {
          Processes.kill(pup.brain)
          try pup.awaitBrain()
          try pup.awaitSupervision()
        }
        try Files.wait(pup.folder, for: "two runs") { Files.lines(pup.path("runs")).count >= 2 }
        #expect(watch.milliseconds > 1500, "restarted after \(watch.milliseconds) ms")
        try pup.reach("limited", "finished")
        #expect(try pup.status("delayed").restarts == 1)
        try pup.stop()
      }
    }
  }
}
