internal import Glibc
internal import PupAPI
internal import PupCore
internal import PupLogs
internal import PupTestSupport
internal import Testing

extension Integration {
  /// Somebody removes the database of a Pup that runs, or fills its disk: nothing that was decided is undone in silence.
  @Suite struct LostDatabaseTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    enum Loss: String, CaseIterable { case folder, database }

    private func lose(_ loss: Loss, _ pup: Pup) {
      switch loss {
      case .folder: Files.remove("\(pup.folder)/.pup")
      case .database: for suffix in ["", "-wal", "-shm"] { unlink("\(pup.data)/.main.store.db\(suffix)") }
      }
    }

    private func revokedToken(_ pup: Pup) throws -> String {
      let answer = try pup.call("POST", "/tokens", body: #"{"consumer":"evil","scopes":["read"]}"#)
      let token = answer.data["token"]?.stringValue ?? ""
      #expect(try pup.call("GET", "/state", token: token).status == 200)
      #expect(try pup.call("POST", "/tokens/revoke", body: #"{"consumer":"evil"}"#).status == 200)
      #expect(try pup.call("GET", "/state", token: token).status == 401)
      return token
    }

    @Test(.timeLimit(.minutes(5)), arguments: Loss.allCases) func whatWasDecidedBeforeStays(loss: Loss) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let token = try revokedToken(pup)
        #expect(try pup.act("stop", "web", wait: 10).outcome == "done")
        lose(loss, pup)
        let line = try pup.wait(for: .store, .error)
        #expect(line.contains("has been re-created. Everything in it was kept."), "\(line)")
        try pup.stop()
        try pup.run()
        #expect(try pup.call("GET", "/state", token: token).status == 401)
        #expect((try pup.call("GET", "/tokens").data.arrayValue ?? []).count == 1)
        #expect(try pup.status("web").state != "running")
        #expect(try pup.history("web").contains { $0["actor"] == "operator" })
        try pup.stop()
      }
    }

    /// Also at once: before anybody has looked.
    @Test(.timeLimit(.minutes(5)), arguments: Loss.allCases) func whatIsDecidedAfterwardsStays(loss: Loss) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        lose(loss, pup)
        #expect(try pup.cli("stop", "web").contains("web: stopped"))
        let token = try revokedToken(pup)
        try pup.stop()
        try pup.run()
        #expect(try pup.status("web").state != "running")
        #expect(try pup.call("GET", "/state", token: token).status == 401)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.isRoot, "mounting a small file system takes root"))
    func aFullDiskIsSaidAndRevokesNothing() throws {
      try Pup.test(Self.configuration) { pup in
        try Files.makeFolder(pup.path("small"))
        guard mount("tmpfs", pup.path("small"), "tmpfs", 0, "size=4m,mode=700") == 0 else {
          throw Failure("cannot mount a tmpfs: errno \(errno)")
        }
        defer { umount2(pup.path("small"), 2) }
        pup.dataOverride = pup.path("small/data")
        let options = ["--data-dir", "small/data", "--temp-dir", ".pup/pup.json-tmp"]
        try pup.launch(["run"] + options)
        try pup.awaitBrain()
        try pup.reach("web", "running")
        let answer = try pup.call("POST", "/tokens", body: #"{"consumer":"evil","scopes":["read"]}"#)
        let token = answer.data["token"]?.stringValue ?? ""
        try Files.fill(pup.path("small/filler"))
        let stopped = try pup.command(["stop", "web"] + options)
        #expect(stopped.code == 0 && stopped.output.contains("web: stopped: this is not on disk yet"), "\(stopped)")
        #expect(try pup.act("block", "web").message.contains("not on disk yet"))
        #expect(try pup.call("POST", "/tokens/revoke", body: #"{"consumer":"evil"}"#).status == 503)
        let ended = try pup.command(["terminate"] + options, seconds: 20)
        #expect(
          ended.code == 0 && ended.error.contains("by hand last is forgotten") && ended.error.contains("a new secret"), "\(ended)"
        )
        unlink(pup.path("small/filler"))
        try pup.launch(["run"] + options)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.call("GET", "/state", token: token).status == 401)
        try pup.stop()
      }
    }
  }
}
