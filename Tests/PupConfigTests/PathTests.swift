import PupConfig
import PupCore
import Testing

@Suite struct PathTests {
  @Test(arguments: [
    ("/a", "b", "/a/b"), ("/a", "./b//c/", "/a/b/c"), ("/a", "/x/y", "/x/y"), ("/a", "../b", "/a/../b"), ("/", "b", "/b"),
    ("/a", ".", "/a"),
    ("/", ".", "/"),
  ])
  func joins(_ directory: String, _ path: String, _ expected: String) {
    #expect(PathText.join(directory, path) == expected)
  }

  @Test func parentAndName() {
    #expect(PathText.parent(of: "/a/b") == "/a" && PathText.parent(of: "/a") == "/" && PathText.parent(of: "a") == ".")
    #expect(PathText.name(of: "/a/b") == "b" && PathText.name(of: "b") == "b")
  }

  @Test(arguments: [
    ("cwd: 'nowhere'", "the directory `/srv/nowhere` does not exist"), ("cwd: 'file'", "`/srv/file` is not a directory"),
    ("logger: { stdout: 'nowhere/x.log' }", "the folder `/srv/nowhere` does not exist"),
    ("logger: { stderr: 'app' }", "`/srv/app` is a directory"),
    ("logger: { stdout: 'locked/x.log' }", "no file may be created in `/srv/locked`"),
    ("logger: { stdout: 'frozen' }", "`/srv/frozen` may not be written"),
    ("pidFile: 'file/x.pid'", "`/srv/file` is not a folder"),
  ])
  func refusesUnusablePaths(_ member: String, _ what: String) {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', \(member)")
    #expect(report.diagnostics.map(\.what) == [what])
    #expect(report.diagnostics.allSatisfy { $0.severity == .error && !$0.fix.isEmpty })
    // A configuration that is in force stays so.
    #expect(
      StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo', \(member) }] }", checkingFiles: false).configuration != nil)
  }

  @Test func refusesAnUnusableGlobalLogPath() {
    let report = StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo' }], logger: { stdout: '/no/x' } }")
    #expect(report.diagnostics.map(\.keyPath) == ["logger.stdout"])
  }

  @Test func aMissingWatchPathIsAWarning() {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', watch: ['app', 'later']")
    #expect(report.diagnostics.map(\.keyPath) == ["processes[0].watch[1]"])
    #expect(report.configuration?.processes.first?.watch == ["/srv/app", "/srv/later"])
  }
}
