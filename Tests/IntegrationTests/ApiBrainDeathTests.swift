internal import Glibc
internal import PupAPI
internal import PupTestSupport
internal import PupTokens
internal import Testing

extension Integration {
  /// The supervisor dies, and its clients hardly notice.
  @Suite struct ApiBrainDeathTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'fails', autostart: true, restartDelayMs: 1, restartLimit: 3, cmd: '\(Machine.child) --exit 7' },
        { id: 'held', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    private func replaceBrain(_ pup: Pup, waiting body: () throws -> Void = {}) throws {
      // Stopped first: what is sent meanwhile is sent to a supervisor that will never answer.
      try Processes.stop(pup.brain)
      try body()
      Processes.kill(pup.brain)
      try pup.awaitBrain()
      try pup.awaitSupervision()
    }

    @Test(.timeLimit(.minutes(5))) func aConnectionInTheBacklogIsServed() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let (port, socket, token) = (try pup.port, pup.socketPath, try pup.token())
        for _ in 0..<3 {
          var waiting: [WebConnection] = []
          try replaceBrain(pup) {
            waiting = [try WebConnection(port: port), try WebConnection(path: socket)]
            for connection in waiting { try connection.send("GET", "/processes/web", token: token) }
          }
          for connection in waiting {
            let answer = try connection.answer()
            #expect(answer.status == 200 && answer.data["status"]?["status"] == 200, "\(answer)")
          }
          #expect(try pup.port == port && pup.socketPath == socket)
        }
        try pup.stop()
        #expect(!Files.exists(socket))
      }
    }

    @Test(.timeLimit(.minutes(5))) func countersDecisionsAndHistoryGoOn() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("fails", "exhausted")
        #expect(try pup.act("stop", "held", wait: 10, by: "alice").outcome == "done")
        #expect(try pup.act("block", "fails", by: "alice").outcome == "accepted")
        let (pid, before) = (try pup.pid("web"), try pup.history("held"))
        let started = try pup.information("web")["started"]
        try replaceBrain(pup)
        #expect(try pup.pid("web") == pid)
        #expect(try pup.information("web")["started"] == started)
        let fails = try pup.information("fails")
        #expect(fails["restarts"] == 3 && fails["blocked"] == true && fails["code"] == 7 && fails["status"] == 450)
        #expect(try pup.information("held")["status"] == 300)
        #expect(Array(try pup.history("held").prefix(before.count)) == before)
        #expect(try pup.act("start", "held", wait: 10, by: "bob").outcome == "done")
        #expect(try pup.history("held").contains { $0["actor"] == "bob" })
        try pup.stop()
      }
    }

    /// No number is given out twice, and what a dead supervisor had not written yet is told.
    @Test(.timeLimit(.minutes(5))) func numbersOfEventsGoOn() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("fails", "exhausted")
        var feed: EventFeed? = try pup.events("?types=process_status_changed")
        #expect(try pup.act("restart", "web", wait: 10).outcome == "done")
        let last = try #require(
          try feed?.wait(for: "process_status_changed") { $0.processId == "web" && $0.data["newState"] == "running" })
        feed = nil
        #expect(try pup.act("stop", "held", wait: 10).outcome == "done")
        try replaceBrain(pup)
        #expect(try pup.act("stop", "web", wait: 10).outcome == "done")
        let next = try pup.events("?types=process_status_changed", after: last.id)
        var items: [EventFeed.Item] = []
        repeat { items.append(try #require(try next.next())) } while items.last.map(change) != "web finished"
        let changes = items.filter { $0.event == "process_status_changed" }
        let seen = changes.map(change)
        let expected = ["held stopping", "held finished", "web stopping", "web finished"]
        #expect(seen.suffix(2) == expected.suffix(2) && expected.filter(seen.contains) == seen, "\(seen)")
        #expect(seen == expected || items.contains { $0.event == "lost" }, "\(items)")
        let (epoch, first) = try number(last.id)
        var newest = first
        for item in changes {
          let (itsEpoch, number) = try number(item.id)
          #expect(itsEpoch == epoch && number > newest, "\(item.id) after \(epoch)-\(newest)")
          newest = number
        }
        for item in items where item.event == "lost" {
          let (from, to) = (item.data["from"]?.integerValue ?? 0, item.data["to"]?.integerValue ?? 0)
          #expect(from > Int64(first) && to < Int64(newest) && from <= to, "\(item)")
        }
        try pup.stop()
      }
    }

    private func change(_ item: EventFeed.Item) -> String { "\(item.processId) \(item.data["newState"]?.stringValue ?? "")" }

    private func number(_ id: String) throws -> (epoch: String, number: UInt64) {
      let parts = id.split(separator: "-")
      guard parts.count == 2, let number = UInt64(parts[1]) else { throw Failure("no id of an event: '\(id)'") }
      return (String(parts[0]), number)
    }

    @Test(.timeLimit(.minutes(5))) func whoWasRevokedStaysRevoked() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let created = try pup.call("POST", "/tokens", body: #"{"consumer":"panel"}"#)
        #expect(created.status == 201)
        let (token, id) = (created.data["token"]?.stringValue ?? "", created.data["id"]?.stringValue ?? "")
        let other = try pup.token("guest")
        #expect(try pup.call("GET", "/state", token: token).status == 200)
        #expect(try pup.call("POST", "/tokens/revoke", body: #"{"id":"\#(id)"}"#).status == 200)
        #expect(try pup.call("POST", "/tokens/revoke", body: #"{"consumer":"Guest"}"#).status == 200)
        try replaceBrain(pup)
        for revoked in [token, other] {
          let answer = try pup.call("GET", "/state", token: revoked)
          #expect(answer.status == 401 && answer.error == "Revoked token", "\(answer)")
        }
        try pup.stop()
        try pup.run()
        for revoked in [token, other] { #expect(try pup.call("GET", "/state", token: revoked).status == 401) }
        try pup.stop()
      }
    }

    /// A client that waits for the end of an action loses its connection, not its action.
    @Test(.timeLimit(.minutes(5))) func anActionGoesOn() throws {
      try Pup.test(
        "{ processes: [ { id: 'slow', autostart: true, terminateTimeout: 3, cmd: '\(Machine.child) --ignore TERM --append ready r --hold' } ] }"
      ) {
        pup in
        try pup.run()
        try pup.waitForFile("ready")
        let waiting = try WebConnection(path: pup.socketPath)
        try waiting.send("POST", "/processes/slow/stop?wait=20", token: pup.token("alice"))
        try pup.reach("slow", "stopping")
        try replaceBrain(pup)
        #expect(throws: Failure.self) { try waiting.answer() }
        // Asked again, it waits for the same end.
        #expect(try pup.act("stop", "slow", wait: 20, by: "alice").outcome == "done")
        #expect(try pup.information("slow")["status"] == 300)
        try pup.stop()
      }
    }
  }
}
