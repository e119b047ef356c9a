internal import PupAPI
internal import PupCore
internal import Testing

extension Integration {
  /// What is shown, in which shape.
  @Suite struct ApiListingTests {
    private static let configuration = """
      { terminateTimeout: 5, processes: [
        { id: 'Web', autostart: true, restartDelayMs: 20, cmd: '\(Machine.child) --hold', env: { API_KEY: 'canary-7f3a' },
          logger: { stdout: 'web.log' } },
        { id: 'ended', autostart: true, restart: 'error', restartLimit: 0, cmd: 'exit 3' },
        { id: 'nightly', cron: '0 3 * * *', cmd: 'true' },
        { id: 'flock', autostart: true, cluster: { instances: 3 }, cmd: '\(Machine.child) --hold' } ] }
      """

    @Test(.timeLimit(.minutes(5))) func processesAndClusters() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        for id in ["web", "flock-1", "flock-2", "flock-3"] { try pup.reach(id, "running") }
        try pup.reach("ended", "exhausted")
        let answer = try pup.call("GET", "/processes")
        #expect(answer.status == 200 && answer.headers["content-type"]?.hasPrefix("application/json") == true)
        let entries = answer.data.arrayValue ?? []
        let ids = entries.compactMap { $0["status"]?["id"]?.stringValue }
        #expect(ids == ["Web", "ended", "nightly", "flock", "flock-1", "flock-2", "flock-3"])
        let found = Dictionary(zip(ids, entries), uniquingKeysWith: { first, _ in first })

        let web = found["Web"]?["status"]
        #expect(web?["status"] == 200 && web?["type"] == "process" && web?["blocked"] == false && web?["restarts"] == 0)
        #expect(web?["pid"]?.integerValue == Int64(try pup.pid("web")))
        #expect(web?["started"]?.stringValue?.hasSuffix("Z") == true && web?["exited"] == nil && web?["code"] == nil)
        #expect(web?["resources"]?["processes"] == 1 && (web?["resources"]?["memory"]?.integerValue ?? 0) > 100_000)
        let ended = found["ended"]?["status"]
        #expect(ended?["status"] == 450 && ended?["code"] == 3 && ended?["pid"] == nil && ended?["resources"] == nil)
        #expect(found["nightly"]?["status"]?["nextStart"] != nil)

        let flock = found["flock"]?["status"]
        #expect(flock?["type"] == "cluster" && flock?["status"] == 200)
        #expect(flock?["members"] == ["flock-1", "flock-2", "flock-3"])
        #expect(found["flock-2"]?["status"]?["cluster"] == "flock")
        #expect(found["flock"]?["config"]?["cluster"]?["instances"] == 3)

        #expect(found["flock"]?["config"]?["env"]?["PUP_CLUSTER_INSTANCE"] == nil)
        for member in 1...3 {
          let config = found["flock-\(member)"]?["config"]
          #expect(config?["cluster"]?["instances"] == 3)
          #expect(config?["env"]?["PUP_CLUSTER_INSTANCE"]?.stringValue == String(member - 1), "\(String(describing: config))")
        }

        let config = found["Web"]?["config"]
        #expect(config?["logger"]?["console"] == true && config?["logger"]?["stdout"]?.stringValue == pup.path("web.log"))
        #expect(config?["id"] == "Web" && config?["autostart"] == true && config?["restartDelayMs"] == 20)
        #expect(config?["env"]?["API_KEY"] == "***")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func oneProcess() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        // Without regard to case.
        let web = try pup.call("GET", "/processes/wEB")
        #expect(web.status == 200 && web.data["status"]?["id"] == "Web")
        #expect(try pup.call("GET", "/processes/flock").data["status"]?["type"] == "cluster")
        for path in ["/processes/wbe", "/processes/wbe/history", "/processes/wbe/logs"] {
          let answer = try pup.call("GET", path)
          #expect(answer.status == 404 && answer.code == "unknown_process" && answer.error.contains("wbe"), "\(path): \(answer)")
        }
        #expect(try pup.call("GET", "/processes/wbe/history").error.contains("did you mean `Web`?"))
        let cluster = try pup.call("GET", "/processes/flock/history")
        #expect(cluster.status == 404 && cluster.error.contains("flock-1"), "\(cluster)")
        try pup.stop()
      }
    }

    /// The state differs where the members do.
    @Test(.timeLimit(.minutes(5))) func aMixedCluster() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        for id in ["flock-1", "flock-2", "flock-3"] { try pup.reach(id, "running") }
        #expect(try pup.act("stop", "flock-2", wait: 20).outcome == "done")
        let flock = try pup.information("flock")
        #expect(flock["status"] == 500 && flock["explanation"]?.stringValue?.hasPrefix("2 of 3") == true)
        #expect(try pup.act("start", "flock", wait: 20).outcome == "done")
        #expect(try pup.information("flock")["status"] == 200)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func theSupervisor() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let state = try pup.call("GET", "/state").data
        #expect(state["pid"]?.integerValue == Int64(try pup.keeperPid()))
        #expect(state["port"]?.integerValue == Int64(try pup.port))
        #expect(state["status"] == "RUNNING" && state["type"] == "main" && state["loadAvg"]?.arrayValue?.count == 3)
        #expect((state["systemMemory"]?["total"]?.integerValue ?? 0) > 0 && (state["osUptime"]?.doubleValue ?? 0) > 0)
        #expect((state["memory"]?["rss"]?.doubleValue ?? 0) > 1_000_000)
        #expect(state["processes"]?.arrayValue?.count == 7)

        for path in ["/healthz", "/readyz", "/openapi.json"] {
          let answer = try WebConnection(port: pup.port).request("GET", path)
          #expect(answer.status == 200, "\(path): \(answer)")
        }
        let metrics = try pup.call("GET", "/metrics")
        #expect(metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        #expect(metrics.body.contains("Web") && metrics.body.hasSuffix("\n"))
        try pup.stop()
      }
    }

    /// Whatever is asked: no value of a variable, no token, no secret.
    @Test(.timeLimit(.minutes(5))) func secretsAreNotShown() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let token = try pup.token()
        let secret = Files.lines("\(pup.data)/.main.secret").first ?? "?"
        let feed = try pup.events("?types=application_state,process_status_changed")
        let seen = [try feed.wait(for: "application_state")].map(\.description)
        var texts = seen
        for path in ["/processes", "/processes/web", "/processes/web/history", "/state", "/metrics", "/tokens", "/logs"] {
          texts.append(try pup.call("GET", path, token: token).description)
          texts.append(try pup.call("GET", path, token: token).body)
        }
        texts.append(try pup.call("GET", "/processes?token=\(token)", token: "wrong").body)
        texts += pup.lines()
        for text in texts {
          #expect(!text.contains("canary-7f3a") && !text.contains(secret) && !text.contains(token))
        }
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func logs() throws {
      try Pup.test("{ processes: [ { id: 'app', autostart: true, restart: 'error', cmd: '\(Machine.child) --spew 5 --both' } ] }")
      {
        pup in
        try pup.run()
        try pup.wait(for: "out 5", in: "app")
        try pup.wait(for: "err 5", in: "app")
        let log = #"{"severity":"warn","plugin":"probe","message":"hello"}"#
        #expect(try pup.call("POST", "/log", body: log).status == 201)
        try pup.wait(for: "hello")
        // Nothing more comes of it.
        try pup.wait(for: .finished, in: "app")
        let items = try pup.call("GET", "/logs?processId=APP").data.arrayValue ?? []
        #expect(items.filter { $0["category"] == "stdout" || $0["category"] == "stderr" }.count == 10)
        #expect(items.first?["category"] == "starting")
        #expect(items.allSatisfy { $0["processId"] == "app" && ($0["timeStamp"]?.integerValue ?? 0) > 1_600_000_000_000 })
        let newest = try pup.call("GET", "/processes/app/logs?nRows=3").data.arrayValue ?? []
        #expect(newest == items.suffix(3))
        let hello = try pup.call("GET", "/logs?processId=core&severity=warn").data.arrayValue ?? []
        #expect(hello.contains { $0["category"] == "api-probe" && $0["text"] == "hello" && $0["severity"] == "warn" })
        try pup.stop()
      }
    }
  }
}
