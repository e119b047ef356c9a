internal import Glibc
internal import PupAPI
internal import PupRestClient
internal import Testing

extension Integration {
  /// Each action, answered when it is accepted and when it is done.
  @Suite struct ApiActionTests {
    private static let configuration = """
      { terminateTimeout: 2, processes: [
        { id: 'Web', autostart: true, cmd: '\(Machine.child) --append runs run --hold' },
        { id: 'short', cmd: '\(Machine.child) --append short.runs run' },
        { id: 'ghost', cmd: './not-there' },
        { id: 'script', cmd: './script' },
        { id: 'slow', terminateTimeout: 30, cmd: '\(Machine.child) --ignore TERM --append slow.ready r --hold' },
        { id: 'flock', cluster: { instances: 2 }, cmd: '\(Machine.child) --hold' } ] }
      """

    @Test(.timeLimit(.minutes(5))) func answersWhenAccepted() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        #expect(try pup.act("start", "web").outcome == "unchanged")
        let stop = try pup.act("stop", "WEB")
        #expect(stop.status == 200 && stop.data["success"] == true && stop.outcome == "accepted")
        try pup.reach("web", "finished")
        #expect(try pup.act("stop", "web").outcome == "unchanged")
        #expect(try pup.act("restart", "web").outcome == "accepted")
        try pup.reach("web", "running")
        #expect(try pup.act("block", "web").outcome == "accepted")
        #expect(try pup.act("block", "web").outcome == "unchanged")
        #expect(try pup.information("web")["blocked"] == true)
        #expect(try pup.act("unblock", "web").outcome == "accepted")
        #expect(try pup.act("unblock", "web").outcome == "unchanged")
        #expect(try pup.act("start", "ghost").outcome == "accepted")
        try pup.reach("ghost", "failed")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func answersWhenDone() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let first = try pup.pid("web")
        #expect(try pup.act("restart", "web", wait: 10).outcome == "done")
        let second = try pup.pid("web")
        #expect(second != first && !Processes.isAlive(first))
        #expect(try pup.information("web")["status"] == 200)
        let unchanged = try pup.act("start", "web", wait: 10)
        #expect(unchanged.outcome == "unchanged" && unchanged.message == "already running")
        #expect(try pup.act("stop", "web", wait: 10).outcome == "done")
        #expect(!Processes.isAlive(second))
        #expect(try pup.information("web")["status"] == 300)
        #expect(try pup.act("stop", "web", wait: 10).outcome == "unchanged")
        #expect(try pup.act("block", "web", wait: 10).outcome == "done")
        #expect(try pup.act("unblock", "web", wait: 10).outcome == "done")
        // Ends before anybody can look.
        #expect(try pup.act("start", "short", wait: 10).outcome == "done")
        try pup.waitForFile("short.runs")
        try pup.reach("short", "finished")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func severalAtOnce() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        #expect(try pup.act("start", "flock", wait: 10).outcome == "done")
        for member in ["flock-1", "flock-2"] { #expect(try pup.information(member)["status"] == 200) }
        #expect(try pup.act("stop", "all", wait: 10).outcome == "done")
        for id in ["web", "flock-1", "flock-2"] { #expect(try pup.information(id)["status"] == 300) }
        // One of them cannot be started; the answer names it, and the others run.
        let start = try pup.act("start", "all", wait: 10)
        #expect(start.status == 409 && start.error.contains("ghost:"), "\(start)")
        for id in ["web", "flock-1", "flock-2"] { #expect(try pup.information(id)["status"] == 200) }
        try pup.waitForFile("slow.ready")
        #expect(try pup.call("POST", "/terminate").status == 200)
        Processes.kill(try pup.pid("slow"))
        #expect(pup.process?.wait(seconds: 10) == .exited(0))
      }
    }

    /// What takes longer than the client waits goes on, and the answer says how it stands.
    @Test(.timeLimit(.minutes(5))) func pending() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        #expect(try pup.act("start", "slow", wait: 10).outcome == "done")
        try pup.waitForFile("slow.ready")
        let watch = Stopwatch()
        let stop = try pup.act("stop", "slow", wait: 1)
        #expect(stop.status == 200 && stop.outcome == "pending")
        #expect(stop.message.hasPrefix("slow is stopping: requested by operator; SIGKILL in"))
        #expect(watch.milliseconds >= 990)
        // Who waits does not keep others waiting, and no time at all is a time as well.
        #expect(try pup.act("stop", "slow", wait: 0).outcome == "pending")
        let waiting = try WebConnection(path: pup.socketPath, seconds: 20)
        try waiting.send("POST", "/processes/slow/stop?wait=20", token: pup.token())
        #expect(try pup.act("restart", "web", wait: 10).outcome == "done")
        Processes.kill(try pup.pid("slow"))
        let end = try waiting.answer()
        #expect(["done", "unchanged"].contains(end.outcome), "\(end)")
        try pup.stop()
      }
    }

    /// Nobody waits for what will not come: the answer is there at once, and names who has decided otherwise.
    @Test(.timeLimit(.minutes(5))) func overtaken() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        for (waited, other, word) in [("restart", "stop", "stopped"), ("restart", "block", "blocked")] {
          if word == "stopped" { #expect(try pup.act("start", "slow", wait: 10).outcome == "done") }
          try pup.waitForFile("slow.ready")
          let waiting = try WebConnection(path: pup.socketPath, seconds: 10)
          try waiting.send("POST", "/processes/slow/\(waited)?wait=60", token: pup.token())
          try pup.reach("slow", "stopping")
          #expect(try pup.act(other, "slow", by: "bob").outcome == "accepted")
          let answer = try waiting.answer()
          #expect(answer.status == 409 && answer.error == "slow: \(word) in the meantime by bob", "\(answer)")
          Processes.kill(try pup.pid("slow"))
          try pup.reach("slow", "finished")
          unlink(pup.path("slow.ready"))
          #expect(try pup.act("start", "slow", wait: 10).status == (word == "stopped" ? 200 : 409))
        }
        #expect(try pup.act("unblock", "slow").outcome == "accepted")
        #expect(try pup.act("start", "slow", wait: 10).outcome == "done")
        try pup.waitForFile("slow.ready")
        let cli = try pup.background(["restart", "slow"])
        try pup.reach("slow", "stopping")
        #expect(try pup.call("POST", "/terminate", token: pup.token("carol")).status == 200)
        #expect(cli.wait(seconds: 5) == .exited(1))
        Processes.kill(try pup.pid("slow"))
        #expect(pup.process?.wait(seconds: 10) == .exited(0))
      }
    }

    @Test(.timeLimit(.minutes(5))) func refusals() throws {
      try Pup.test(Self.configuration) { pup in
        try Files.write("#!/no/such/interpreter\n", to: pup.path("script"), mode: 0o755)
        try pup.run()
        try pup.reach("web", "running")
        let failed = try pup.act("start", "ghost", wait: 10)
        #expect(failed.status == 409 && failed.code == "refused")
        #expect(failed.error.contains("ghost") && failed.error.contains("not-there"), "\(failed)")
        // The file is there, and what its first line names is not: only the kernel knows.
        let script = try pup.act("start", "script", wait: 10)
        #expect(script.status == 409 && script.error.contains("exec") && script.error.contains("No such file"), "\(script)")
        let unknown = try pup.act("restart", "wbe")
        #expect(unknown.status == 404 && unknown.code == "unknown_process" && unknown.error.contains("did you mean `Web`?"))
        #expect(try pup.act("stop", "core", wait: 3).status == 404)
        #expect(try pup.act("block", "flock").outcome == "accepted")
        for action in ["start", "restart"] {
          for wait in [nil, 5] {
            let answer = try pup.act(action, "flock-1", wait: wait)
            #expect(answer.status == 409 && answer.error.contains("blocked by operator"), "\(action): \(answer)")
          }
        }
        for query in ["?wait=301", "?wait=-1", "?wait=soon"] {
          let answer = try pup.call("POST", "/processes/web/stop\(query)")
          #expect(answer.status == 400 && answer.error.contains("wait"), "\(query): \(answer)")
        }
        #expect(try pup.information("web")["status"] == 200)
        #expect(try pup.call("POST", "/reload").status == 501)
        try pup.stop()
      }
    }

    private func error(of body: () async throws -> ActionResult) async -> PupError? {
      do {
        _ = try await body()
        return nil
      } catch {
        return error as? PupError
      }
    }

    /// The same by the library that programs use, over both kinds of socket.
    @Test(.timeLimit(.minutes(5)), arguments: [true, false]) func byTheClientLibrary(isLocal: Bool) async throws {
      try await Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let address = isLocal ? "unix://\(pup.socketPath)" : "127.0.0.1:\(try pup.port)"
        let client = try PupRestClient(address, try pup.token("library"))
        defer { client.close() }
        #expect(try await client.getProcesses().map(\.status.id).contains("flock-2"))
        #expect(try await client.restart("web", wait: .seconds(10)).outcome == .done)
        #expect(try await client.stop("web", wait: .seconds(10)).outcome == .done)
        #expect(try await client.getProcess("web").status.status == .finished)
        #expect(try await client.block("web").outcome == .accepted)
        let blocked = await error(of: { try await client.start("web", wait: .seconds(10)) })
        #expect(blocked?.code == .refused && blocked?.message.contains("blocked by library") == true)
        #expect(try await client.unblock("web").outcome == .accepted)
        let failed = await error(of: { try await client.start("ghost", wait: .seconds(10)) })
        #expect(failed?.code == .refused && failed?.message.contains("not-there") == true)
        let unknown = await error(of: { try await client.start("wbe") })
        #expect(unknown?.code == .unknownProcess && unknown?.message.contains("Web") == true)
        let history = try await client.getHistory("web")
        #expect(history.contains { $0.new == .stopping && $0.actor == "library" })
        #expect(try await client.getState().status == .running)
        try pup.stop()
      }
    }
  }
}
