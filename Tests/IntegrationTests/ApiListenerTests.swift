internal import Glibc
internal import PupAPI
internal import PupCore
internal import PupLogs
internal import PupRestClient
internal import Testing

extension Integration {
  /// Where the interface listens, and what happens when it cannot.
  @Suite struct ApiListenerTests {
    private func configuration(_ api: String) -> String {
      """
      { api: { \(api) }, processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'later', cmd: 'env >later.env' } ] }
      """
    }

    @Test(.timeLimit(.minutes(5))) func aTakenPortIsTriedAgain() throws {
      let taken = try TakenPort()
      try Pup.test(configuration("port: \(taken.number)")) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let line = try pup.wait(for: .api, .error)
        #expect(line.contains("127.0.0.1:\(taken.number)") && line.contains("api.port"), "\(line)")
        #expect(!Files.exists("\(pup.temporary)/.main.port"))
        // The other socket does not wait for it.
        #expect(try pup.information("web")["status"] == 200)
        taken.release()
        try Files.wait(pup.temporary, for: "the port", seconds: 20) { Files.exists("\(pup.temporary)/.main.port") }
        #expect(try pup.port == taken.number)
        #expect(try pup.wait(for: .api, .info, naming: "127.0.0.1:\(taken.number)").contains("in vain"))
        #expect(try WebConnection(port: taken.number).request("GET", "/healthz").status == 200)
        #expect(try pup.act("start", "later", wait: 10).outcome == "done")
        try pup.reach("later", "finished")
        #expect(Files.lines(pup.path("later.env")).contains("PUP_API_PORT=\(taken.number)"))
        // The next supervisor finds it as well.
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        #expect(try WebConnection(port: taken.number).request("GET", "/healthz").status == 200)
        try pup.stop()
      }
    }

    private static let certificate = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
      "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out", "cert.pem",
    ]

    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.hasProgram("openssl"), "openssl makes the certificate"))
    func encrypted() async throws {
      try await Pup.test(configuration("tls: { cert: 'cert.pem', key: 'key.pem' }")) { pup in
        #expect(try pup.program(Self.certificate) == 0)
        try pup.run()
        try pup.reach("web", "running")
        var options = PupClientOptions()
        options.certificateAuthority = pup.path("cert.pem")
        let client = try PupRestClient("https://localhost:\(try pup.port)", try pup.token(), options: options)
        defer { client.close() }
        #expect(try await client.getProcess("web").status.status == .running)
        #expect(try await client.restart("web", wait: .seconds(10)).outcome == .done)
        // Who does not know the certificate, and who speaks plain HTTP, gets nothing.
        options.certificateAuthority = nil
        options.retries = 0
        let stranger = try PupRestClient("https://localhost:\(try pup.port)", try pup.token(), options: options)
        defer { stranger.close() }
        await #expect(throws: PupError.self) { try await stranger.getState() }
        let plain = try? WebConnection(port: pup.port).request("GET", "/healthz")
        #expect(plain?.status != 200)
        #expect(try await client.start("later", wait: .seconds(10)).outcome == .done)
        try pup.reach("later", "finished")
        #expect(Files.lines(pup.path("later.env")).contains("PUP_API_TLS=1"))
        try pup.stop()
      }
    }

    /// Somebody renews it at the moment when a supervisor starts.
    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.hasProgram("openssl"), "openssl makes the certificate"))
    func aCertificateThatIsGoneForAWhile() async throws {
      try await Pup.test(configuration("tls: { cert: 'cert.pem', key: 'key.pem' }")) { pup in
        #expect(try pup.program(Self.certificate) == 0)
        try pup.run()
        try pup.reach("web", "running")
        let port = try pup.port
        #expect(rename(pup.path("cert.pem"), pup.path("renewed.pem")) == 0)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        let line = try pup.wait(for: .api, .error)
        #expect(line.contains("nothing is served over TCP") && line.contains("cert.pem") && line.contains("trying again in 1 s"))
        // Never in plain text instead; the other socket does not wait for it.
        #expect(try WebConnection(port: port).isSilent(seconds: 0.2))
        #expect(try pup.information("web")["status"] == 200)
        #expect(rename(pup.path("renewed.pem"), pup.path("cert.pem")) == 0)
        var options = PupClientOptions()
        options.certificateAuthority = pup.path("cert.pem")
        options.timeout = .seconds(10)
        let client = try PupRestClient("https://localhost:\(port)", try pup.token(), options: options)
        defer { client.close() }
        #expect(try await client.getProcess("web").status.status == .running)
        try pup.stop()
      }
    }

    /// Somebody renews the two files one after the other, at the moment when a supervisor starts.
    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.hasProgram("openssl"), "openssl makes the certificate"))
    func aCertificateThatIsRenewedHalfway() async throws {
      try await Pup.test(configuration("tls: { cert: 'cert.pem', key: 'key.pem' }")) { pup in
        #expect(try pup.program(Self.certificate) == 0)
        try pup.run()
        try pup.reach("web", "running")
        let port = try pup.port
        #expect(rename(pup.path("key.pem"), pup.path("old.pem")) == 0)
        #expect(try pup.program(["openssl", "genpkey", "-algorithm", "RSA", "-out", "key.pem"]) == 0)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        let line = try pup.wait(for: .api, .error)
        #expect(line.contains("cert.pem and ") && line.contains("key.pem do not belong together"), "\(line)")
        #expect(line.contains("trying again in 1 s"), "\(line)")
        #expect(try WebConnection(port: port).isSilent(seconds: 0.2))
        #expect(try pup.information("web")["status"] == 200)
        #expect(rename(pup.path("old.pem"), pup.path("key.pem")) == 0)
        // The first supervisor listened there as well.
        let again = try pup.wait(for: .api, .info, naming: "127.0.0.1:\(port)", count: 2)
        #expect(again.contains("in vain"), "\(again)")
        var options = PupClientOptions()
        options.certificateAuthority = pup.path("cert.pem")
        let client = try PupRestClient("https://localhost:\(port)", try pup.token(), options: options)
        defer { client.close() }
        #expect(try await client.getProcess("web").status.status == .running)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func beyondThisMachine() throws {
      try Pup.test(configuration("hostname: '0.0.0.0'")) { pup in
        try pup.run()
        let line = try pup.wait(for: .api, .warn)
        let port = try pup.port
        #expect(
          line.contains("can be reached from other machines") && line.contains("api.tls") && line.contains("0.0.0.0:\(port)"))
        #expect(try WebConnection(port: pup.port).request("GET", "/processes", token: pup.token()).status == 200)
        try pup.stop()
      }
      try Pup.test(configuration("hostname: '127.0.0.1'")) { pup in
        try pup.run()
        try pup.stop()
        #expect(pup.lines(category: .api, .warn).isEmpty)
      }
    }

    @Test(.timeLimit(.minutes(5))) func aPathTooLongForASocket() throws {
      let name = "\(String(repeating: "x", count: 100)).json"
      try Pup.test { pup in
        pup.configurationName = name
        try pup.configure(configuration(""), name: name)
        try pup.run("--config", name)
        try pup.reach("web", "running")
        #expect(!Files.exists("\(pup.temporary)/api.sock"))
        let pointer = "\(pup.temporary)/.main.sock"
        #expect(Files.exists(pointer) && pup.socketPath.utf8.count < 108 && pup.socketPath.hasSuffix("/api.sock"))
        var info = stat()
        #expect(stat(pup.socketPath, &info) == 0 && info.st_mode & 0o777 == 0o600)
        #expect(try pup.information("web")["status"] == 200)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        #expect(try pup.information("web")["status"] == 200)
        let socket = pup.socketPath
        try pup.stop()
        #expect(!Files.exists(socket) && !Files.exists(pointer))
      }
    }

    /// Somebody cleaned up: the next supervisor makes it anew.
    @Test(.timeLimit(.minutes(5))) func aRemovedSocketComesBack() throws {
      try Pup.test(configuration("")) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let (path, port) = (pup.socketPath, try pup.port)
        #expect(unlink(path) == 0)
        #expect(try WebConnection(port: port).request("GET", "/healthz").status == 200)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.information("web")["status"] == 200)
        #expect(try pup.port == port)
        try pup.stop()
      }
    }

  }
}
