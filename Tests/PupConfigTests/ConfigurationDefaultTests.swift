import PupConfig
import PupCore
import Testing

@Suite struct ConfigurationDefaultTests {
  @Test func resolvesEverythingThatIsNotSet() throws {
    let configuration = try #require(StubEnvironment().process("id: 'a', cmd: 'foo'").configuration)
    var expected = PupConfiguration(directory: "/srv")
    expected.processes = [ProcessConfiguration(id: ProcessID("a"), program: .command("foo"), workingDirectory: "/srv")]
    #expect(configuration == expected)
    #expect(configuration.api.hostname == "127.0.0.1")
    #expect(configuration.api.port == nil)
    #expect(configuration.logger.internalLogHours == 48)
    #expect(configuration.logger.maxBytes == 268_435_456)
    #expect(configuration.logger.destination.console && configuration.logger.destination.colors)
    #expect(configuration.watcher.intervalMilliseconds == 1000)
    #expect(configuration.watcher.extensions == nil)
    #expect(configuration.watcher.match == ["**/*.*"])
    #expect(configuration.watcher.skip == ["**/.git/**"])
  }

  @Test func readsEveryKey() throws {
    let report = StubEnvironment().load(
      """
      {
        $schema: "x", name: "My@App_1.0-x", terminateTimeout: 12.5, terminateGracePeriod: 1,
        api: { hostname: "::1", port: 8080, revoked: ["old"] },
        logger: { console: false, stdout: "out.log", stderr: "/srv/app/err.log", colors: false, decorate: false, decorateFiles: true,
          internalLogHours: 0, maxBytes: 1048576, totalMaxBytes: 2097152 },
        watcher: { interval: 50, exts: [".swift", "c"], match: ["a/*"], skip: [] },
        processes: [
          { id: "@one", cmd: "foo x", cwd: "app", env: { A: "1", "B c": "" }, path: "/opt/bin", pidFile: "one.pid", autostart: true,
            cron: "0 4 * * *", cronTimezone: "UTC", watch: ["app"], restart: "error", restartDelayMs: 0, restartLimit: 0,
            terminate: "@daily", terminateGracePeriod: 0.5, terminateTimeout: 2, timeout: 1, overrun: true, apiToken: "admin",
            leftovers: "keep", logger: { console: true } },
          { id: "2", worker: ["tool", "x y"], cluster: { instances: 2, startPort: 3000, strategy: "ip-hash" } },
        ],
        plugins: [{ url: "file:///x", options: { a: [1, 2.5, null, true, "t"] } }],
      }
      """)
    let configuration = try #require(report.configuration, "\(report.rendered())")
    #expect(report.diagnostics.map(\.severity) == [.warning, .warning])
    #expect(configuration.name == "My@App_1.0-x")
    #expect(configuration.api.port == 8080 && configuration.api.revoked == ["old"])
    #expect(configuration.logger.destination.stdout == "/srv/out.log")
    #expect(configuration.logger.destination.stderr == "/srv/app/err.log")
    #expect(configuration.logger.totalMaxBytes == 2_097_152)
    #expect(configuration.watcher.extensions == ["swift", "c"])
    #expect(configuration.processes.map(\.id.text) == ["@one", "2-1", "2-2"])
    let one = configuration.processes[0]
    #expect(one.workingDirectory == "/srv/app" && one.pidFile == "/srv/one.pid" && one.watch == ["/srv/app"])
    #expect(one.environment == ["A": "1", "B c": ""])
    #expect(one.cron?.pattern == "0 4 * * *" && one.terminate?.pattern == "@daily")
    #expect(one.terminateGracePeriod == .milliseconds(500) && one.terminateTimeout == .seconds(2) && one.timeout == .seconds(1))
    #expect(one.apiToken == .admin && one.leftovers == .keep && one.overrun && one.restartLimit == 0)
    #expect(configuration.processes[1].terminateTimeout == .milliseconds(12_500))
    #expect(configuration.processes[2].cluster == ClusterMembership(id: ProcessID("2"), instance: 1, port: 3001))
    #expect(configuration.clusters.map(\.strategy) == [.ipHash])
    #expect(configuration.plugins.map(\.url) == ["file:///x"])
    #expect(
      configuration.plugins[0].options == .object(["a": .list([.integer(1), .real(2.5), .null, .boolean(true), .text("t")])]))
  }
}
