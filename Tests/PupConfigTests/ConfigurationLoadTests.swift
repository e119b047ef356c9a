import PupConfig
import PupCore
import Testing

@Suite struct ConfigurationLoadTests {
  @Test func tellsEveryProblemInOneGo() {
    let report = StubEnvironment().load(
      """
      {
        "name": "bad name",
        terminateTimout: 5, // a typo
        processes: [
          { id: "core", cmd: "foo", autostrat: true },
          { id: "a", cmd: "foo", restart: "sometimes", restartLimit: "3" },
          { id: "A", worker: ["script.py"], cmd: "foo" },
          { id: "b" },
        ],
      }
      """)
    #expect(report.configuration == nil)
    #expect(
      report.rendered() == """
        pup.json:2:11: error: `name` `bad name` has characters that are not allowed; use letters, digits and @ . _ - only
        pup.json:3:3: error: unknown key `terminateTimout`; did you mean `terminateTimeout`?
        pup.json:5:11: error: the id `core` is reserved by Pup; choose another one
        pup.json:5:31: error: unknown key `autostrat`; did you mean `autostart`?
        pup.json:6:37: error: `restart` cannot be "sometimes"; use "always" or "error"
        pup.json:6:64: error: `restartLimit` is text where a whole number is expected; remove the quotes
        pup.json:7:11: error: the id `A` is taken by processes[1].id on line 6 (ids are compared without regard to case); choose another one
        pup.json:7:39: error: `processes[2]` has both `cmd` and `worker`; remove one of them
        pup.json:8:5: error: `processes[3]` has no `cmd` and no `worker`; add one of them

        """)
  }

  @Test func tellsSyntaxAndMeaningTogether() {
    let report = StubEnvironment().load("{ name: yes, procesess: [], processes: [{ id: 'a' cmd: 'foo' }] }")
    #expect(report.diagnostics.map(\.what) == ["`yes` is not a value", "unknown key `procesess`", "a comma is missing here"])
  }

  @Test func guessesNothingWhereBracketsDoNotMatch() {
    let report = StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo' ] }")
    #expect(report.diagnostics.map(\.column) == [37])
    #expect(report.configuration == nil)
  }

  /// Each problem is reported once: a key that cannot be read is not also reported as missing.
  @Test func callsNothingMissingThatIsOnlyUnreadable() {
    let report = StubEnvironment().load("{ processes: [{ id: 'a', \"cmd': 'foo' \n}] }")
    #expect(report.diagnostics.map(\.what) == ["this string is not closed on its line"])
  }

  @Test(arguments: [
    "[]", "3", "'text'", "null", "{}", "{ processes: {} }", "{ processes: [1] }", "{ processes: [[]] }", "{ processes: null }",
  ])
  func refusesOtherShapes(_ text: String) {
    let report = StubEnvironment().load(text)
    #expect(report.configuration == nil && report.errorCount == 1, "\(report.rendered())")
  }

  @Test func tellsADuplicateKey() {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', \"cmd\": 'sleep', env: { A: '1', A: '2' }")
    #expect(
      report.diagnostics.map(\.what) == ["the key `cmd` appears twice", "the key `A` appears twice"])
    #expect(report.diagnostics.map(\.keyPath) == ["processes[0].cmd", "processes[0].env.A"])
  }

  @Test(arguments: [
    ("command: 'foo'", "cmd"), ("cwdd: '.'", "cwd"), ("Autostart: true", "autostart"), ("auto_start: true", "autostart"),
    ("directory: '.'", "cwd"), ("environment: {}", "env"), ("maxRestarts: 1", "restartLimit"),
    ("restratDelayMs: 1", "restartDelayMs"),
    ("pidfile: 'x'", "pidFile"), ("loger: {}", "logger"), ("numprocs: 4", "cluster"),
  ])
  func namesTheNearestKey(_ member: String, _ expected: String) {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', \(member)")
    #expect(report.diagnostics.map(\.suggestion) == [expected])
  }

  @Test func listsTheKnownKeysWhereNoneIsNear() {
    let report = StubEnvironment().load("{ processes: [], api: { zzzzzzz: 1 } }")
    #expect(
      report.diagnostics.last?.fix == "remove it; the known keys are hostname, port, revoked, allowedHosts, allowedOrigins, tls")
  }

  @Test(arguments: [
    "terminateTimeout: -1", "terminateTimeout: 2e9", "terminateTimeout: NaN", "terminateTimeout: Infinity",
    "terminateGracePeriod: -0.1",
    "restartDelayMs: -1", "restartDelayMs: 86400001", "restartDelayMs: 1.5", "restartLimit: -1", "restartLimit: 1e30",
    "timeout: 0",
    "timeout: 0.5", "cluster: { instances: -1 }", "cluster: { instances: 65536 }", "cluster: { startPort: 0 }",
    "cluster: { startPort: 65536 }", "cluster: { instances: 10, startPort: 65530 }", "restart: 'never'", "leftovers: 'x'",
    "apiToken: 'x'", "overrun: 1", "overrun: 'true'", "env: { A: 1 }", "env: { 'A=B': '1' }", "env: { '': '1' }", "env: []",
    "cluster: { strategy: 'x' }", "cluster: 2", "watch: 'x'", "watch: ['']", "cwd: ''", "cwd: null", "path: 1",
    "env: { A: '\\0' }",
    "cron: ''", "cron: 5", "logger: { colors: true }", "terminateTimeout: '30'",
  ])
  func refusesBadValues(_ member: String) {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', \(member)")
    #expect(report.errorCount == 1, "\(report.rendered())")
    #expect(report.diagnostics.allSatisfy { !$0.fix.isEmpty && $0.keyPath.hasPrefix("processes[0].") })
  }

  @Test(arguments: [
    "name: ''", "name: 'å'", "name: '\(String(repeating: "x", count: 65))'", "api: { port: 0 }", "api: { port: 65536 }",
    "api: { port: '80' }",
    "api: { hostname: '' }", "api: { revoked: 'x' }", "logger: { internalLogHours: 367 }", "logger: { maxBytes: 10 }",
    "logger: { maxBytes: 2000000, totalMaxBytes: 1000000 }", "watcher: { interval: 0 }", "watcher: { exts: 'ts' }", "plugins: {}",
    "plugins: [{}]", "plugins: [{ url: 1 }]",
  ])
  func refusesBadValuesAtTheTop(_ member: String) {
    let report = StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo' }], \(member) }")
    #expect(report.errorCount == 1, "\(report.rendered())")
  }

  /// The work is proportional to the size of the file, not to its square.
  @Test(arguments: [
    ("processes: [], ", "k#: 1", ""), ("processes: [", "1", "]"), ("processes: [{ id: 'a', cmd: 'foo', watch: [", "1", "] }]"),
    ("processes: [", "{ id: 'a', cmd: 'foo' }", "]"), ("processes: [{ id: 'a', cmd: 'foo', env: {", "A: ''", "} }]"),
  ])
  func isBoundedForAFileFullOfMistakes(_ head: String, _ mistake: String, _ tail: String) {
    let mistakes = (0..<2_000).map { mistake.replacing("#", with: String($0)) }.joined(separator: ",")
    let report = StubEnvironment().load("{ \(head)\(mistakes)\(tail) }")
    #expect(report.configuration == nil)
    #expect(report.errorCount == 201)
    #expect(report.diagnostics.last?.what == "there are more problems")
  }

  @Test func rendersJSON() {
    let report = StubEnvironment().load("{ processes: [], nam: 1 }")
    #expect(
      report.json()
        == #"{"file":"pup.json","valid":false,"diagnostics":[{"severity":"warning","line":1,"column":14,"key":"processes","message":"there are no processes; add one: { id: \"web\", cmd: \"…\", autostart: true }","what":"there are no processes","fix":"add one: { id: \"web\", cmd: \"…\", autostart: true }","suggestion":null},{"severity":"error","line":1,"column":18,"key":"nam","message":"unknown key `nam`; did you mean `name`?","what":"unknown key `nam`","fix":"did you mean `name`?","suggestion":"name"}]}"#
    )
  }
}
