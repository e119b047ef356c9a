internal import Glibc
internal import Testing

extension Integration {
  /// Beside the original Pup, which shares folders, secret and port file with this one, but not the lock. It is played by a
  /// program that has its files, and takes its tokens where it listens.
  @Suite struct OriginalPupTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    /// As the original does: the port file is written before it listens, and again only at the next start.
    private static let original = """
      import base64, hashlib, hmac, http.server, json, os, sys, time
      data, temporary = sys.argv[1:]
      os.umask(0o022)
      os.makedirs(data, exist_ok=True)
      os.makedirs(temporary, exist_ok=True)
      def put(path, text, mode):
          with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file: file.write(text)
      if not os.path.exists(data + "/.main.secret"): put(data + "/.main.secret", base64.b64encode(os.urandom(64)).decode(), 0o600)
      secret = open(data + "/.main.secret").read()
      if not os.path.exists(data + "/.main.db"): put(data + "/.main.db", "CKVD of the original", 0o644)
      def raw(text): return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
      def is_good(token):
          head, body, signature = token.split(".")
          payload = json.loads(raw(body))
          right = hmac.new(secret.encode(), (head + "." + body).encode(), hashlib.sha512).digest()
          return (json.loads(raw(head))["alg"] == "HS512" and hmac.compare_digest(right, raw(signature))
              and payload["exp"] > time.time() and bool(payload["data"]["consumer"]))
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
              words = self.headers.get("Authorization", "").split(" ")
              good = len(words) == 2 and words[0] == "Bearer" and is_good(words[1])
              body = b'{"data":[]}' if good else b'{"error":"Invalid token"}'
              self.send_response(200 if good else 401)
              self.send_header("Content-Length", str(len(body)))
              self.end_headers()
              self.wfile.write(body)
          def log_message(self, *rest): pass
      server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
      put(temporary + "/.main.port", str(server.server_address[1]), 0o600)
      server.serve_forever()
      """

    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.hasProgram("python3"), "python3 plays the original"))
    func whereTheOriginalRuns() throws {
      try Pup.test(Self.configuration) { pup in
        let data = pup.path(".pup/pup.json-data")
        try Files.makeFolder(pup.path(".pup"))
        try Files.makeFolder(pup.temporary)
        let program = ["python3", "-c", Self.original, data, pup.temporary]
        var original = try pup.background(program: program)
        try awaitPort(pup)
        let port = try #require(Files.text("\(pup.temporary)/.main.port"))
        let kept = [".main.db", ".main.secret"].map { Files.text("\(data)/\($0)") }
        // What would start everything twice, or end the original's tokens; and what would send people to start it.
        for words in [
          ["run"], ["run", "--detach"], ["token", "--consumer", "x"], ["token", "rotate-secret"], ["status"],
          ["status", "--json"], ["start", "web"], ["restart", "all"], ["terminate"], ["history"],
        ] {
          let result = try pup.command(words)
          #expect(result.code == 69, "\(words): \(result.output)\(result.error)")
          let name = "the original Pup is running here (port \(port), data in \(data))"
          let isNamed = result.error.contains(name) && result.error.contains("its own 'pup terminate'")
          #expect(isNamed, "\(words): \(result.error)")
        }
        #expect([".main.db", ".main.secret"].map { Files.text("\(data)/\($0)") } == kept)
        #expect(Files.text("\(pup.temporary)/.main.port") == port)

        // One that hangs is no absent one.
        try Processes.stop(original.pid)
        for words in [["run"], ["status"]] {
          let result = try pup.command(words)
          #expect(result.code == 69 && result.error.contains("listens on port \(port)"), "\(words): \(result)")
          #expect(result.error.contains("does not answer") && result.error.contains("\(pup.temporary)/.main.port"), "\(result)")
        }

        // The port is nobody's any more.
        original.signal(SIGKILL)
        _ = original.wait(seconds: 5)
        #expect(try pup.command(["status"]).error.contains("nothing runs here"))
        try pup.run()
        try pup.reach("web", "running")
        try pup.stop()
        // And back.
        #expect([".main.db", ".main.secret"].map { Files.text("\(data)/\($0)") } == kept)
        try? Files.makeFolder(pup.temporary)
        original = try pup.background(program: program)
        try awaitPort(pup)
        #expect(try pup.command(["run"]).code == 69)
        original.signal(SIGKILL)
        _ = original.wait(seconds: 5)
        unlink("\(pup.temporary)/.main.port")
        rmdir(pup.temporary)
      }
    }

    private func awaitPort(_ pup: Pup) throws {
      try Files.wait(pup.temporary, for: "the original's port") {
        Files.text("\(pup.temporary)/.main.port")?.isEmpty == false
      }
    }
  }
}
