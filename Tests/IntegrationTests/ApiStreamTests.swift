internal import Glibc
internal import PupAPI
internal import PupRestClient
internal import Testing

extension Integration {
  /// What streams tell of an instance that lives and ends.
  @Suite struct ApiStreamTests {
    private static let configuration = """
      { terminateTimeout: 7, processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'app', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    @Test(.timeLimit(.minutes(5))) func terminating() throws {
      try Pup.test(Self.configuration) { pup in
        let process = try pup.run()
        try pup.reach("all", "running")
        let pids = [try pup.pid("web"), try pup.pid("app")]
        let feed = try pup.events("?types=terminating,process_status_changed")
        try feed.wait(for: "stream")
        let answer = try pup.call("POST", "/terminate")
        #expect(answer.status == 200 && answer.outcome == "accepted")
        #expect(try feed.wait(for: "terminating").data == 7000)
        // Streams hear of every end before their own.
        let items = try feed.rest()
        let ended = items.filter { $0.data["newState"] == "finished" }.map(\.processId)
        #expect(Set(ended) == ["web", "app"] && items.last?.event == "closed", "\(items)")
        #expect(process.wait(seconds: 10) == .exited(0))
        #expect(!Processes.anyIsAlive(pids) && !Files.exists(pup.temporary))
        #expect(pup.count(of: "operator") >= 1)
      }
    }

    @Test(.timeLimit(.minutes(5))) func theStateIsForWhoAskedForIt() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("all", "running")
        let (plain, asking) = (try pup.events(), try pup.events("?types=application_state"))
        try plain.wait(for: "stream")
        for _ in 0..<2 {
          let state = try asking.wait(for: "application_state")
          #expect(state.id.isEmpty && state.data["processes"]?.arrayValue?.count == 2)
        }
        var names: Set<String> = []
        for _ in 0..<2 {
          try plain.wait(for: "watchdog") { item in
            names.insert(item.event)
            return item.event == "watchdog"
          }
        }
        #expect(!names.contains("application_state"))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func theClientsStreamOutlivesTheSupervisor() async throws {
      try await Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("all", "running")
        var options = PupClientOptions()
        options.reconnectDelay = .milliseconds(50)
        let client = try PupRestClient("unix://\(pup.socketPath)", try pup.token(), options: options)
        defer { client.close() }
        var events = client.events([.processStatusChanged]).makeAsyncIterator()
        while let event = await events.next() { if event == .connected { break } }
        try await client.restart("web", wait: .seconds(10))
        #expect(await changes(of: "web", upTo: .running, &events) == [.stopping, .finished, .starting, .running])
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        try await client.stop("web", wait: .seconds(10))
        #expect(await changes(of: "web", upTo: .finished, &events) == [.stopping, .finished])
        try pup.stop()
      }
    }

    private func changes(
      of id: String, upTo last: APIProcessState, _ events: inout PupEvents.Iterator
    ) async -> [APIProcessState] {
      var states: [APIProcessState] = []
      while states.last != last, let event = await events.next() {
        if case .event(.processStatusChanged(_, let new, let status), _) = event, status.id == id { states.append(new) }
      }
      return states
    }
  }
}
