internal import Glibc
internal import PupAPI
internal import PupTestSupport
internal import PupTokens
internal import Testing

extension Integration {
  /// Tokens as somebody makes, lists and revokes them.
  @Suite struct ApiTokenTests {
    private static let configuration = """
      { api: { revoked: ['Banned'] }, processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'other', cmd: '\(Machine.child) --hold' } ] }
      """

    private func create(_ pup: Pup, _ body: String) throws -> (token: String, id: String) {
      let answer = try pup.call("POST", "/tokens", body: body)
      guard answer.status == 201, let token = answer.data["token"]?.stringValue, let id = answer.data["id"]?.stringValue else {
        throw Failure("POST /tokens \(body): \(answer)")
      }
      return (token, id)
    }

    @Test(.timeLimit(.minutes(5))) func scopesAreKept() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let reader = try create(pup, #"{"consumer":"panel","scopes":["read","control:we*"],"expiresIn":3600}"#)
        #expect(try pup.call("GET", "/processes", token: reader.token).status == 200)
        #expect(try pup.call("POST", "/processes/WEB/restart?wait=10", token: reader.token).outcome == "done")
        for (method, path) in [
          ("POST", "/processes/other/start"), ("POST", "/processes/all/start"), ("GET", "/logs"), ("GET", "/tokens"),
          ("POST", "/terminate"), ("POST", "/tokens/rotate-secret"),
        ] {
          let answer = try pup.call(method, path, token: reader.token)
          let says = path.hasPrefix("/processes/") ? "is limited to control:we*" : "lacks the scope"
          #expect(answer.status == 403 && answer.error.contains(says), "\(path): \(answer)")
        }
        #expect(try pup.information("other")["status"] == 0)
        let listed = try pup.call("GET", "/tokens").data.arrayValue ?? []
        #expect(listed.count == 1)
        #expect(listed[0]["consumer"] == "panel" && listed[0]["id"]?.stringValue == reader.id && listed[0]["revoked"] == nil)
        #expect(listed[0]["scopes"] == ["read", "control:we*"] && listed[0]["expires"] != nil && listed[0]["token"] == nil)
        for body in [#"{"consumer":"cli"}"#, #"{"consumer":"telemetry-web"}"#, #"{"consumer":"x","scopes":["all"]}"#, "{}"] {
          #expect(try pup.call("POST", "/tokens", body: body).status == 400, "\(body)")
        }
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func wrongTokens() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let expired = try pup.token(seconds: -120)
        let stranger = WebToken(consumer: "x", expires: nil).signed(with: TokenSecret(text: String(repeating: "s", count: 88)))
        for (token, text) in [
          (expired, "Invalid/expired token"), (stranger, "Invalid token"), ("rubbish", "Invalid token"),
          (try pup.token(" banned "), "Revoked token"), (try pup.token(""), "Token missing consumer"),
        ] {
          let answer = try pup.call("GET", "/state", token: token)
          #expect(answer.status == 401 && answer.error == text, "\(answer)")
        }
        let bare = try WebConnection(path: pup.socketPath).request("GET", "/state")
        #expect(bare.status == 401 && bare.error == "Authorization header required")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func revocationEndsOpenStreams() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let (first, second) = (try create(pup, #"{"consumer":"panel"}"#), try create(pup, #"{"consumer":"panel"}"#))
        let guest = try pup.token("guest")
        let feeds = try [first.token, second.token, guest].map { try pup.events("?types=ipc", token: $0) }
        for feed in feeds { try feed.wait(for: "stream") }

        #expect(try pup.call("POST", "/tokens/revoke", body: #"{"id":"\#(first.id)"}"#).status == 200)
        let end = try feeds[0].wait(for: "expired")
        #expect(end.data["reason"] == "revoked")
        #expect(try feeds[0].rest().isEmpty)
        #expect(try pup.call("GET", "/state", token: first.token).error == "Revoked token")
        #expect(try pup.call("GET", "/state", token: second.token).status == 200)

        #expect(try pup.call("POST", "/tokens/revoke", body: #"{"consumer":" PANEL"}"#).status == 200)
        #expect(try feeds[1].wait(for: "expired").data["reason"] == "revoked")
        let listed = try pup.call("GET", "/tokens").data.arrayValue ?? []
        #expect(listed.count == 2 && listed.allSatisfy { $0["revoked"] != nil }, "\(listed)")
        #expect(try pup.call("POST", "/tokens", body: #"{"consumer":"panel"}"#).status == 409)
        #expect(try pup.call("POST", "/tokens/reinstate", body: #"{"consumer":"panel"}"#).status == 200)
        #expect(try pup.call("GET", "/state", token: second.token).status == 200)
        #expect(try pup.call("GET", "/state", token: first.token).status == 401)

        // The third was left in peace.
        #expect(try pup.call("POST", "/ipc", body: #"{"target":"x","event":"e","eventData":false}"#).status == 200)
        #expect(try feeds[2].wait(for: "ipc").data["sender"] == "operator")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func aFreshTokenProlongsAStream() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        // A few seconds are left of the minute that clocks may differ by.
        let feed = try pup.events("?types=ipc", token: pup.token("panel", seconds: -52))
        let id = try feed.wait(for: "stream").data["id"]?.stringValue ?? ""
        let other = try pup.events("?types=ipc", token: pup.token("another", seconds: -52))
        #expect(try pup.call("POST", "/events/\(id)/auth", token: pup.token("somebody")).status == 404)
        #expect(try pup.call("POST", "/events/\(id)/auth", token: pup.token("panel")).status == 200)
        #expect(try other.wait(for: "expired").data["reason"] == "expired")
        #expect(try pup.call("POST", "/ipc", body: #"{"target":"x","event":"e"}"#).status == 200)
        try feed.wait(for: "ipc")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func aNewSecretEndsEveryToken() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let (old, created) = (try pup.token(), try create(pup, #"{"consumer":"panel"}"#))
        let feed = try pup.events("?types=ipc", token: created.token)
        try feed.wait(for: "stream")
        let answer = try pup.call("POST", "/tokens/rotate-secret", token: old)
        let fresh = answer.data["token"]?.stringValue ?? ""
        #expect(answer.status == 200 && !fresh.isEmpty)
        for dead in [old, created.token] {
          #expect(try pup.call("GET", "/state", token: dead).error == "Invalid token")
        }
        try feed.wait(for: "expired", seconds: 3)
        #expect(try pup.call("GET", "/state", token: fresh).status == 200)
        // By the file, which is still nobody else's.
        #expect(try pup.call("GET", "/state").status == 200)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.call("GET", "/state", token: fresh).status == 200)
        #expect(try pup.call("GET", "/state", token: old).status == 401)
        try pup.stop()
      }
    }
  }
}
