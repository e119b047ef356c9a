import Testing

@testable import PupConfig

/// A file that comes from another supervisor.
@Suite struct ForeignKeyTests {
  @Test(arguments: [
    ("user: 'www'", "not supported yet; programs run as Pup's user"), ("uid: 33", "pup enable-service --user NAME"),
    ("envFile: '.env'", "not supported yet; write the variables in `env`"), ("env_file: '.env'", ". ./.env"),
    ("depends_on: ['db']", "not supported yet; all processes start at once"), ("dependsOn: {}", "wait for what it needs"),
    ("stopSignal: 'INT'", "not supported yet; SIGTERM is sent"), ("stopsignal: 'QUIT'", "SIGTERM"),
    ("kill_signal: 'INT'", "SIGTERM"),
    ("max_memory_restart: '200M'", "ulimit -v"), ("instances: 'max'", "in Pup this is `cluster`: cluster: { instances: 4 }"),
    ("script: 'app.js'", "in Pup this is `cmd`"), ("args: ['a']", "after the program"),
    ("exec_mode: 'cluster'", "in Pup this is `cluster`"),
    ("interpreter: 'python3'", "before the script"), ("command: 'x'", "in Pup this is `cmd`"),
    ("directory: '/x'", "in Pup this is `cwd`"),
    ("numprocs: 2", "`cluster`"), ("autorestart: true", "in Pup this is `restart`"),
    ("startsecs: 2", "however long a run lasted"),
    ("startretries: 3", "`restartLimit`"), ("priority: 1", "in file order"),
    ("shutdown: {}", "`terminateTimeout`: in seconds"),
    ("healthcheck: {}", "not supported yet"), ("readiness_probe: {}", "counts as running"), ("is_daemon: true", "foreground"),
    ("namespace: 'x'", "use a pattern"), ("Restart: 'on-failure'", "did you mean"), ("ExecStart: '/x'", "`cmd`"),
    ("stopwaitsecs: 5", "`terminateTimeout`"), ("kill_timeout: 1600", "in seconds"), ("error_file: 'x'", "logger: { stderr"),
    ("Nice: 5", "nice -n 10"), ("RestartSec: 5", "in milliseconds"), ("replicas: 2", "`cluster`"),
    ("disabled: true", "`autostart`"),
  ])
  func anHonestAnswer(_ member: String, _ says: String) {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', \(member)")
    let key = member.prefix { $0 != ":" }
    #expect(report.diagnostics.map(\.what) == ["unknown key `\(key)`"])
    #expect(report.diagnostics.first?.fix.contains(says) == true, "\(report.rendered())")
  }

  @Test func theWholeFileToo() {
    let report = StubEnvironment().load("{ apps: [], version: '1', user: 'x', env: {}, processes: [] }", checkingFiles: false)
    #expect(report.diagnostics.filter { $0.severity == .error }.map(\.suggestion) == ["processes", nil, nil, nil])
  }

  @Test(arguments: [
    ("autostart: 'yes'", "write true"), ("autostart: 'off'", "write false"), ("autostart: 'maybe'", "write true or false"),
    ("restartLimit: '5'", "remove the quotes"), ("cluster: { instances: 'max' }", "write a number, such as 1"),
  ])
  func wordsWhereAnotherTypeIsExpected(_ member: String, _ fix: String) {
    #expect(StubEnvironment().process("id: 'a', cmd: 'foo', \(member)").diagnostics.map(\.fix) == [fix])
  }

  @Test func theTableNamesKeysThatAreThere() {
    let root = ConfigurationSchema.root
    for object in [root, ConfigurationSchema.process, ConfigurationSchema.cluster] {
      for (name, key) in object.foreignKeys {
        #expect(object.position(of: name) == nil, "\(name) is a key itself")
        guard let here = key.name?.split(separator: ".").first.map(String.init) else { continue }
        #expect(object.position(of: here) != nil || root.position(of: here) != nil, "\(name): \(here)")
      }
    }
  }
}
