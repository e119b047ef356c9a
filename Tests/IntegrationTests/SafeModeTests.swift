internal import Glibc
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// After five deaths within a minute a supervisor does with less; what it leaves out comes back.
  @Suite struct SafeModeTests {
    private static let configuration = """
      { terminateTimeout: 2, processes: [
        { id: 'web', autostart: true, watch: ['watched'], cmd: '\(Machine.child) --hold' },
        { id: 'other', autostart: true, cmd: '\(Machine.child) --hold' },
      ] }
      """

    private func test(endsIt: Bool = false, _ body: (Pup) throws -> Void) throws {
      try Pup.test(Self.configuration) { pup in
        try Files.makeFolder(pup.path("watched"))
        try pup.run()
        try pup.reach("all", "running")
        let pid = try pup.pid("other")
        try Files.write("", to: pup.path("abort"))
        Processes.kill(pup.brain, SIGSEGV)
        try pup.waitForComplaint("in safe mode")
        unlink(pup.path("abort"))
        try pup.awaitBrain()
        try pup.awaitSupervision()
        try body(pup)
        if !endsIt { #expect(try pup.pid("other") == pid) }
        try pup.stop()
      }
    }

    /// What killed the others may have come in by TCP; an operator needs the unix socket.
    @Test(.timeLimit(.minutes(5))) func listensOnItsSocketOnly() throws {
      try test(endsIt: true) { pup in
        let port = UInt16(Files.text("\(pup.temporary)/.main.port")?.split(separator: "\n").first ?? "") ?? 0
        #expect(throws: Failure.self) { try WebConnection(port: port) }
        let state = try WebConnection(path: pup.socketPath).request("GET", "/healthz")
        #expect(state.status == 200)
        let status = try pup.command(["status"])
        #expect(status.code == 0 && status.output.contains("web"))
        #expect(status.error.contains("safe mode since"))
        #expect(status.error.contains("because 5 supervisors died within a minute, the last because: signal 6"))
        #expect(status.error.contains("pup upgrade"), "how it ends: \(status.error)")
        #expect(try pup.cli("status", "--json").contains("\"safeMode\":{\"since\":"))
        #expect(try pup.command(["history", "web"]).error.contains("not used in safe mode"))
        #expect(try pup.cli("stop", "web").contains("web"))
        try pup.reach("web", "finished")
        #expect(try pup.command(["terminate"]).code == 0)
        #expect(pup.process?.wait(seconds: 10) == .exited(0))
        _ = try pup.run()
        try pup.reach("other", "running")
        #expect(try pup.status("web").isHeld, "what was decided in safe mode is remembered")
        #expect(!(try pup.command(["status"]).error.contains("safe mode")))
      }
    }

    @Test(.timeLimit(.minutes(5))) func endsWithAKill() throws {
      try test { pup in
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(!(try pup.command(["status"]).error.contains("safe mode")))
        #expect(try WebConnection(port: pup.port).request("GET", "/healthz").status == 200)
      }
    }

    @Test(.timeLimit(.minutes(5))) func endsWithAnUpgrade() throws {
      try test { pup in
        #expect(try pup.command(["upgrade"], seconds: 30).code == 0)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(!(try pup.command(["status"]).error.contains("safe mode")))
        #expect(try WebConnection(port: pup.port).request("GET", "/healthz").status == 200)
      }
    }

    /// Its supervisor has worked for half a minute: the next one gets everything.
    @Test(.timeLimit(.minutes(6))) func endsByItself() throws {
      try test { pup in
        let safe = pup.brain
        try pup.awaitBrain(seconds: 45)
        try pup.awaitSupervision()
        #expect(pup.brain != safe)
        #expect(pup.complaints.contains("safe mode ends after 30 s without a fault"))
        #expect(try pup.wait(for: .takeover, count: 2).contains("it made way at the end of safe mode"))
        #expect(!(try pup.command(["status"]).error.contains("safe mode")))
        #expect(try WebConnection(port: pup.port).request("GET", "/healthz").status == 200)
        let old = try pup.pid("web")
        try Files.write("changed", to: pup.path("watched/file.js"))
        #expect(Processes.waitForEnd(old, seconds: 10), "files are watched again")
      }
    }
  }
}
