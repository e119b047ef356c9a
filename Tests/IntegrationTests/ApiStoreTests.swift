internal import Glibc
internal import PupAPI
internal import PupCore
internal import PupLogs
internal import PupTestSupport
internal import Testing

extension Integration {
  /// The database is a help, never a condition.
  @Suite struct ApiStoreTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --append runs run --hold' },
        { id: 'app', cmd: '\(Machine.child) --hold' } ] }
      """

    private func checkSupervision(_ pup: Pup, by consumer: String = "operator") throws {
      try pup.reach("web", "running")
      #expect(try pup.act("restart", "web", wait: 10, by: consumer).outcome == "done")
      #expect(try pup.act("start", "app", wait: 10, by: consumer).outcome == "done")
      #expect(try pup.act("stop", "app", wait: 10, by: consumer).outcome == "done")
    }

    @Test(.timeLimit(.minutes(5))) func aDamagedFileIsSetAside() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        #expect(try pup.call("POST", "/tokens", body: #"{"consumer":"panel"}"#).status == 201)
        try pup.stop()
        let file = "\(pup.data)/.main.store.db"
        try Files.write([UInt8](repeating: 0x5A, count: 50_000), to: file)
        for suffix in ["-wal", "-shm"] { unlink(file + suffix) }
        try pup.run()
        let line = try pup.wait(for: .store, naming: ".damaged-")
        #expect(line.contains("\(file).damaged-") && line.contains("rotate-secret"), "\(line)")
        #expect(Files.names(in: pup.data).contains { $0.hasPrefix(".main.store.db.damaged-") })
        try checkSupervision(pup)
        #expect(try pup.history("web").contains { $0["actor"] == "operator" })
        #expect(try pup.call("POST", "/tokens", body: #"{"consumer":"panel"}"#).status == 201)
        try pup.stop()
        try pup.run()
        #expect(pup.lines(category: .store).count { $0.contains(".damaged-") } == 1)
        try pup.stop()
      }
    }

    /// A file that cannot be opened, and one of a later version, which is left as it is.
    @Test(.timeLimit(.minutes(5)), arguments: ["unusable", "newer"]) func withoutADatabase(kind: String) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.stop()
        let file = "\(pup.data)/.main.store.db"
        for suffix in ["-wal", "-shm"] { unlink(file + suffix) }
        var bytes = Files.bytes(file) ?? []
        if kind == "unusable" {
          unlink(file)
          try Files.makeFolder(file)
        } else {
          // user_version of the file format: offset 60, four bytes, big endian.
          bytes.replaceSubrange(60..<64, with: [0, 0, 0x27, 0x0F])
          try Files.write(bytes, to: file)
        }
        try pup.run()
        let line = try pup.wait(for: .store, naming: ".main.store.db")
        #expect(line.contains("are not kept meanwhile"), "\(line)")
        // Nobody knows who was revoked: only the command line is believed.
        let refused = try pup.call("GET", "/state")
        #expect(refused.status == 401 && refused.code == "unauthorized", "\(refused)")
        let token = try pup.token("cli")
        try checkSupervision(pup, by: "cli")
        for (method, path, body) in [
          ("GET", "/processes/web/history", nil), ("GET", "/tokens", nil), ("POST", "/tokens", #"{"consumer":"panel"}"#),
        ] {
          let answer = try pup.call(method, path, token: token, body: body)
          #expect(answer.status == 503 && answer.code == "unavailable" && answer.error.contains("log says why"), "\(answer)")
        }
        #expect(try pup.call("POST", "/tokens/revoke", token: token, body: #"{"consumer":"guest"}"#).status == 503)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.call("GET", "/processes/app", token: token).data["status"]?["status"] == 300)
        try pup.stop()
        if kind == "newer" { #expect(Files.bytes(file) == bytes) }
      }
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.isRoot, "mounting a small file system takes root"))
    func aFullDisk() throws {
      try Pup.test(Self.configuration) { pup in
        try Files.makeFolder(pup.path("small"))
        guard mount("tmpfs", pup.path("small"), "tmpfs", 0, "size=4m,mode=700") == 0 else {
          throw Failure("cannot mount a tmpfs: errno \(errno)")
        }
        defer { umount2(pup.path("small"), 2) }
        pup.dataOverride = pup.path("small/data")
        try pup.run("--data-dir", "small/data", "--temp-dir", ".pup/pup.json-tmp")
        try pup.reach("web", "running")
        try Files.fill(pup.path("small/filler"))
        // What nobody can write down happens all the same.
        for _ in 0..<20 {
          #expect(try pup.act("restart", "web", wait: 10).outcome == "done")
        }
        #expect(try pup.act("stop", "app", wait: 10).status == 200)
        #expect(try pup.act("block", "app", by: "alice").outcome == "accepted")
        let revoke = try pup.call("POST", "/tokens/revoke", body: #"{"consumer":"guest"}"#)
        #expect(revoke.status == 503 && revoke.error.contains("in force"), "\(revoke)")
        #expect(try pup.call("GET", "/state", token: pup.token("guest")).status == 401)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.information("app")["blocked"] == true)
        #expect(try pup.information("web")["status"] == 200)
        #expect(try pup.act("restart", "web", wait: 10).outcome == "done")
        unlink(pup.path("small/filler"))
        try pup.wait(for: .store, .info, seconds: 40)
        try pup.stop()
        try pup.run("--data-dir", "small/data", "--temp-dir", ".pup/pup.json-tmp")
        #expect(try pup.act("start", "app", wait: 10).error.contains("blocked by alice"))
        try pup.stop()
      }
    }
  }
}
