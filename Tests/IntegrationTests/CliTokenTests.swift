internal import Glibc
internal import PupAPI
internal import PupInstance
import PupSystem
internal import Testing

extension Integration {
  /// `pup token`, with a Pup that runs and without one.
  @Suite struct CliTokenTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    /// The status of `GET /processes` with this token, asked for over TCP by a foreign program.
    private func status(_ token: String, _ pup: Pup, _ path: String = "/processes", post: Bool = false) throws -> Int32 {
      let script = """
        import http.client, sys
        port = int(open(sys.argv[1]).read())
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        c.request(sys.argv[4], sys.argv[3], headers={"Authorization": "Bearer " + sys.argv[2]})
        sys.exit(c.getresponse().status - 200)
        """
      let words = ["python3", "-c", script, "\(pup.temporary)/.main.port", token, path, post ? "POST" : "GET"]
      return try pup.program(words) + 200
    }

    @Test(.timeLimit(.minutes(5))) func tokensOfARunningPup() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let printed = try pup.cli("token", "--consumer", "Dash Board", "--expire-in", "600")
        // The token and nothing else.
        let token = String(printed.dropLast())
        #expect(
          printed.hasSuffix("\n") && token.split(separator: ".").count == 3 && !token.contains("\n") && !token.contains(" "))
        #expect(try status(token, pup) == 200)
        let limited = try pup.cli("token", "create", "--consumer", "deploy", "--scope", "read", "--scope", "control:w*")
        #expect(try status(String(limited.dropLast()), pup) == 200)
        #expect(try status(String(limited.dropLast()), pup, "/processes/web/restart", post: true) == 200)
        #expect(try status(String(limited.dropLast()), pup, "/terminate", post: true) == 403)
        let list = try pup.json("token", "list", "--json").arrayValue ?? []
        #expect(list.compactMap { $0["consumer"] } == ["Dash Board", "deploy"])
        #expect(list[1]["scopes"]?.arrayValue == ["read", "control:w*"] && list[1]["expires"] == nil)
        let table = try pup.cli("token", "list")
        #expect(table.contains("good") && !table.contains(token))
        let slip = try pup.command(["token", "revoke", "zzz"])
        #expect(slip.code == 66 && slip.error.contains("no token 'zzz'"))
        #expect(try pup.json("token", "list", "--json").arrayValue?.count == 2)
        let id = try #require(list[1]["id"]?.stringValue)
        try pup.cli("token", "revoke", id)
        #expect(try status(String(limited.dropLast()), pup) == 401)
        try pup.cli("token", "revoke", "--consumer", "dash board")
        #expect(try status(token, pup) == 401)
        #expect(try pup.command(["token", "--consumer", "dash board"]).code == 1)
        try pup.cli("token", "reinstate", "--consumer", "dash board")
        #expect(try status(token, pup) == 200)
        try pup.cli("token", "rotate-secret")
        #expect(try status(token, pup) == 401)
        try allAreVoid(2, pup)
        #expect(try pup.cli("token", "reinstate", "--consumer", "dash board").contains("stay void"))
        #expect(try status(token, pup) == 401)
        // The command line goes on with the new secret.
        #expect(try pup.cli("status").contains("web"))
        try pup.stop()
        let said = pup.console + pup.complaints + pup.lines().joined(separator: "\n")
        #expect(!said.contains(token) && !said.contains(limited.dropLast()))
      }
    }

    /// After a change of the secret, in both forms.
    private func allAreVoid(_ count: Int, _ pup: Pup) throws {
      let list = try pup.json("token", "list", "--json").arrayValue ?? []
      #expect(list.count == count && list.allSatisfy { $0["void"] == "made before the secret was changed" }, "\(list)")
      let table = try pup.cli("token", "list")
      #expect(table.contains("void: made before the secret was changed") && !table.contains("good"), "\(table)")
    }

    @Test(.timeLimit(.minutes(5))) func tokensOfOneThatDoesNotRun() throws {
      try Pup.test(Self.configuration) { pup in
        let token = String(try pup.cli("token", "--consumer", "early").dropLast())
        let other = String(try pup.cli("token", "create", "--consumer", "never", "--expire-in", "60").dropLast())
        try pup.cli("token", "revoke", "--consumer", "never")
        #expect(!Files.exists(pup.temporary))
        #expect(try pup.command(["token", "--consumer", "never"]).code == 1)
        try pup.run()
        #expect(try status(token, pup) == 200)
        #expect(try status(other, pup) == 401)
        let list = try pup.json("token", "list", "--json").arrayValue ?? []
        #expect(list.count == 2 && list[1]["revoked"] != nil)
        try pup.stop()
        try pup.cli("token", "rotate-secret")
        try allAreVoid(2, pup)
        #expect(try pup.cli("token", "reinstate", "--consumer", "early").contains("stay void"))
        let next = String(try pup.cli("token", "--consumer", "next").dropLast())
        try pup.run()
        #expect(try status(token, pup) == 401)
        #expect(try status(next, pup) == 200)
        let states = try pup.json("token", "list", "--json").arrayValue?.map { $0["void"] != nil } ?? []
        #expect(states == [true, true, false])
        try pup.stop()
      }
    }

    /// What cannot be used for signing is no reason to leave a token valid.
    @Test(.timeLimit(.minutes(5))) func aDamagedSecretKeepsNobodyFromRevoking() throws {
      try Pup.test("{ processes: [] }") { pup in
        try pup.cli("token", "create", "--consumer", "x")
        try Files.write("short", to: "\(pup.data)/.main.secret", mode: 0o600)
        #expect(try pup.command(["token", "create", "--consumer", "y"]).code == 77)
        try pup.cli("token", "revoke", "--consumer", "x")
        #expect(try pup.cli("token", "list").contains("revoked"))
        try pup.cli("token", "reinstate", "--consumer", "x")
      }
    }

    /// The lock is taken first of all by `pup run`, long before it has a socket.
    @Test(
      .timeLimit(.minutes(5)), arguments: [["create", "--consumer", "x"], ["revoke", "--consumer", "x"], ["rotate-secret"]])
    func whileOneIsJustStarting(_ words: [String]) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.cli("token", "--consumer", "early")
        let paths = StoragePaths(name: "pup.json", directory: pup.folder, workingDirectory: "/")
        let (tokens, secret) = (try pup.cli("token", "list"), Files.text("\(pup.data)/.main.secret"))
        let lock = try #require(try InstanceLock.acquireNow(paths))
        let refused = try pup.command(["token"] + words)
        #expect(refused.code == 69 && refused.output.isEmpty)
        #expect(refused.error.contains("just starting here") && refused.error.contains("try again"), "\(refused.error)")
        lock.close()
        #expect(Files.text("\(pup.data)/.main.secret") == secret)
        #expect(try pup.cli("token", "list") == tokens)
        // The lock is given back, also after a failure.
        #expect(try pup.command(["token"] + words).code == 0)
        #expect(try pup.command(["token", "revoke", "zzz"]).code == 66)
        #expect(!Files.exists(pup.temporary))
        try pup.run()
        try pup.stop()
      }
    }

    @Test(
      .timeLimit(.minutes(5)),
      arguments: [
        (["token"], "--consumer"), (["token", "create"], "--consumer"),
        (["token", "--consumer", "cli"], "reserved for Pup's own tokens"),
        (["token", "--consumer", "CLI:root"], "reserved for Pup's own tokens"),
        (["token", "--consumer", "telemetry-web"], "reserved for Pup's own tokens"),
        (["token", "--consumer", "plugin:x"], "reserved for Pup's own tokens"), (["token", "--consumer", " "], "consumer"),
        (["token", "--consumer", "x", "--scope", "root"], "known are"),
        (["token", "--consumer", "x", "--expire-in", "0"], "from 1 to"),
        (["token", "revoke"], "which one"), (["token", "revoke", "a", "--consumer", "b"], "which one"),
        (["token", "list", "x"], "not expected"), (["token", "list", "--scope", "read"], "for pup token create"),
        (["token", "mint"], "none of"), (["token", "create", "x"], "--consumer x"),
      ])
    func wrongUsage(_ words: [String], _ says: String) throws {
      try Pup.test(Self.configuration) { pup in
        let result = try pup.command(words)
        #expect(result.code == 64 && result.error.contains(says) && result.output.isEmpty, "\(result.error)")
        #expect(!Files.exists(pup.path(".pup")))
      }
    }
  }
}
