internal import PupAPI
internal import Testing

extension Integration {
  /// The interface as a managed program finds it: by what is in its environment.
  @Suite struct ApiChildTests {
    /// Asks with nothing but a shell: `ask METHOD PATH BODY` writes the answer to the file `ANSWERS-n`.
    private static let script = #"""
      number=0
      ask() {
        number=$((number + 1))
        exec 3<>"/dev/tcp/$PUP_API_HOSTNAME/$PUP_API_PORT"
        printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\n' "$1" "$2" "$PUP_API_TOKEN" >&3
        printf 'Content-Type: application/json\r\nContent-Length: %s\r\n\r\n%s' "${#3}" "$3" >&3
        cat <&3 >"$ANSWERS.part"
        exec 3>&-
        mv "$ANSWERS.part" "$ANSWERS-$number"
      }
      memory='{"external":1,"heapTotal":2,"heapUsed":3,"rss":4096}'
      ask POST /telemetry "{\"sender\":\"other\",\"memory\":$memory,\"sent\":\"2026-11-28T00:00:00.000Z\",\"cwd\":\"$PWD\"}"
      ask POST /ipc '{"sender":"other","target":"other","event":"ready","eventData":{"n":0}}'
      ask POST /log '{"severity":"info","plugin":"app","message":"from inside"}'
      ask GET /processes ''
      ask POST /processes/other/stop ''
      ask GET /logs ''
      exec sleep 1000
      """#

    private static let configuration = """
      { processes: [
        { id: 'App', autostart: false, cmd: 'bash script', env: { ANSWERS: 'app' } },
        { id: 'chief', autostart: false, apiToken: 'admin', cmd: 'bash script', env: { ANSWERS: 'chief' } },
        { id: 'mute', autostart: true, restart: 'error', apiToken: 'none', cmd: 'env >mute.env' },
        { id: 'other', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    private func statuses(_ pup: Pup, _ name: String) throws -> [String] {
      try (1...6).map { number in
        String(try pup.waitForFile("\(name)-\(number)").split(separator: " ").dropFirst().first ?? "")
      }
    }

    @Test(.timeLimit(.minutes(5))) func aProgramSpeaksForItself() throws {
      try Pup.test(Self.configuration) { pup in
        try Files.write(Self.script, to: pup.path("script"))
        try pup.run()
        try pup.reach("other", "running")
        let feed = try pup.events("?types=ipc,process_telemetry")
        try feed.wait(for: "stream")
        #expect(try pup.act("start", "app", wait: 10).outcome == "done")
        #expect(try statuses(pup, "app") == ["200", "200", "201", "403", "403", "403"])
        // Whoever it says it is.
        #expect(try feed.wait(for: "process_telemetry").data["sender"] == "App")
        let message = try feed.wait(for: "ipc").data
        #expect(message["sender"] == "telemetry-App" && message["target"] == "other" && message["eventData"]?["n"] == 0)
        let telemetry = try pup.information("app")["telemetry"]
        #expect(telemetry?["memory"]?["rss"]?.doubleValue == 4096 && telemetry?["cwd"]?.stringValue == pup.folder)
        let other = try pup.information("other")
        #expect(other["telemetry"] == nil && other["status"] == 200)
        try pup.wait(for: "from inside")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func moreRightsAndNone() throws {
      try Pup.test(Self.configuration) { pup in
        try Files.write(Self.script, to: pup.path("script"))
        try pup.run()
        try pup.reach("other", "running")
        #expect(try pup.act("start", "chief", wait: 10).outcome == "done")
        #expect(try statuses(pup, "chief") == ["200", "200", "201", "200", "200", "200"])
        try pup.reach("other", "finished")
        #expect(try pup.history("other").contains { $0["actor"] == "telemetry-chief" })

        try pup.reach("mute", "finished")
        let port = try pup.port
        let mute = Files.lines(pup.path("mute.env"))
        #expect(mute.contains("PUP_PROCESS_ID=mute") && mute.contains("PUP_API_PORT=\(port)"))
        #expect(mute.contains("PUP_API_SOCKET=\(pup.socketPath)") && mute.contains("PUP_API_HOSTNAME=127.0.0.1"))
        #expect(!mute.contains { $0.hasPrefix("PUP_API_TOKEN") || $0.hasPrefix("PUP_API_TLS") })
        try pup.stop()
      }
    }
  }
}
