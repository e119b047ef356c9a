import PupConfig
import PupCore
import Testing

@Suite struct ProcessPolicyTests {
  private func policy(_ members: String) throws -> ProcessPolicy {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', \(members)")
    return PupConfiguration.policy(of: try #require(report.configuration?.processes.first, "\(report.rendered())"))
  }

  @Test(arguments: [
    ("", ProcessPolicy.Restart.never), ("autostart: true", .always), ("watch: ['app']", .always), ("cron: '@daily'", .never),
    ("watch: []", .never), ("autostart: true, restart: 'error'", .onError), ("restart: 'always'", .always),
    ("cron: '@daily', restart: 'error'", .onError), ("autostart: false", .never),
  ])
  func restart(_ members: String, _ expected: ProcessPolicy.Restart) throws {
    #expect(try policy(members).restart == expected)
  }

  @Test func delaysHaveTheirDefaults() throws {
    let policy = try policy("autostart: true, watch: ['app']")
    #expect(policy.restartDelay == .milliseconds(10_000))
    #expect(policy.watchRestartDelay == .milliseconds(500))
  }

  /// The original ignores a configured delay and uses 500 ms.
  @Test(arguments: [0, 1, 700, 86_400_000] as [Int64])
  func aDelayThatIsSetIsUsed(_ delay: Int64) throws {
    let policy = try policy("autostart: true, watch: ['app'], restartDelayMs: \(delay)")
    #expect(policy.restartDelay == .milliseconds(delay))
    #expect(policy.watchRestartDelay == .milliseconds(delay))
  }

  @Test func theRestIsPassedOn() throws {
    let policy = try policy(
      "restartLimit: 5, timeout: 90, overrun: true, leftovers: 'keep', terminateGracePeriod: 2, terminateTimeout: 3, terminate: '@hourly'"
    )
    #expect(policy.restartLimit == 5 && policy.timeout == .seconds(90) && policy.overrun && policy.leftovers == .keep)
    #expect(policy.gracePeriod == .seconds(2) && policy.terminateTimeout == .seconds(3))
    #expect(policy.terminateCron != nil && policy.cron == nil && !policy.watches && !policy.autostart)
  }

  @Test func stopTimesAreInherited() throws {
    let report = StubEnvironment().load(
      "{ terminateTimeout: 50, terminateGracePeriod: 40, processes: [{ id: 'a', cmd: 'foo' }, { id: 'b', cmd: 'foo', terminateTimeout: 45 }] }"
    )
    let processes = try #require(report.configuration?.processes)
    #expect(processes.map(\.terminateTimeout) == [.seconds(50), .seconds(45)])
    #expect(processes.map(\.terminateGracePeriod) == [.seconds(40), .seconds(40)])
  }

  @Test(arguments: [
    "terminateGracePeriod: 45, processes: [{ id: 'a', cmd: 'foo' }]",
    "processes: [{ id: 'a', cmd: 'foo', terminateGracePeriod: 45 }]",
  ])
  func aLongGracePeriodAloneMovesTheTimeOut(_ members: String) throws {
    let process = try #require(StubEnvironment().load("{ \(members) }").configuration?.processes.first)
    #expect(process.terminateGracePeriod == .seconds(45) && process.terminateTimeout == .seconds(75))
  }

  @Test(arguments: [
    ("terminateTimeout: 1, terminateGracePeriod: 2, processes: []", "terminateTimeout"),
    ("terminateTimeout: 30, processes: [{ id: 'a', cmd: 'foo', terminateGracePeriod: 31 }]", "processes[0].terminateGracePeriod"),
    ("terminateGracePeriod: 5, processes: [{ id: 'a', cmd: 'foo', terminateTimeout: 4.5 }]", "processes[0].terminateTimeout"),
  ])
  func killMustNotComeBeforeTerm(_ members: String, _ keyPath: String) {
    let report = StubEnvironment().load("{ \(members) }")
    #expect(report.diagnostics.filter { $0.severity == .error }.map(\.keyPath) == [keyPath], "\(report.rendered())")
  }
}
