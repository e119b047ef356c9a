import PupBasics
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
    ("cwd: 'nowhere'", "the working directory `/srv/nowhere` cannot be entered (No such file or directory)"),
    ("cwd: 'file'", "the working directory `/srv/file` cannot be entered (Not a directory)"),
    ("cwd: 'closed'", "the working directory `/srv/closed` cannot be entered (Permission denied)"),
    ("logger: { stdout: 'no/where/x.log' }", "the folder `/srv/no/where` cannot be written to (No such file or directory)"),
    ("logger: { stdout: 'closed/x.log' }", "the folder `/srv/closed` cannot be written to (Permission denied)"),
    ("logger: { stderr: 'app' }", "`/srv/app` is a directory"),
    ("logger: { stdout: 'locked/x.log' }", "files cannot be created in `/srv/locked`"),
    ("logger: { stdout: 'frozen' }", "`/srv/frozen` is not writable"),
    ("pidFile: 'file/x.pid'", "the folder `/srv/file` cannot be written to (Not a directory)"),
    ("pidFile: 'locked/new/x.pid'", "the folder `/srv/locked/new` cannot be written to (No such file or directory)"),
  ])
  func oneUnusablePathDoesNotKeepEverythingDown(_ member: String, _ what: String) {
    var machine = StubEnvironment()
    machine.entries["/srv/closed"] = .directory(isWritable: true)
    machine.locked = ["/srv/closed"]
    let report = machine.process("id: 'a', cmd: 'foo', \(member)")
    #expect(report.diagnostics.map(\.what) == [what])
    #expect(report.diagnostics.allSatisfy { $0.severity == .warning && !$0.fix.isEmpty })
    #expect(report.configuration != nil)
    // A configuration that is in force stays in force.
    #expect(
      StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo', \(member) }] }", checkingFiles: false).configuration != nil)
  }

  @Test func aFolderThatIsMadeWhenItIsNeededIsNoProblem() {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', logger: { stdout: 'logs/x.log' }, pidFile: 'run/x.pid'")
    #expect(report.diagnostics == [] && report.configuration != nil)
  }

  @Test func whatIsInAMissingFolderIsNotJudged() {
    let report = StubEnvironment().process("id: 'a', worker: ['bin/tool'], cwd: 'nowhere'")
    #expect(report.diagnostics.map(\.keyPath) == ["processes[0].cwd"] && report.configuration != nil)
    let script = StubEnvironment().process("id: 'a', worker: ['bin/tool']")
    #expect(script.diagnostics.map(\.severity) == [.warning] && script.configuration != nil)
  }

  @Test func anUnusableGlobalLogPathIsAWarning() {
    let report = StubEnvironment().load("{ processes: [{ id: 'a', cmd: 'foo' }], logger: { stdout: '/no/where/x' } }")
    #expect(report.diagnostics.map(\.keyPath) == ["logger.stdout"] && report.configuration != nil)
  }

  @Test func aMissingWatchPathIsAWarning() {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', watch: ['app', 'later']")
    #expect(report.diagnostics.map(\.keyPath) == ["processes[0].watch[1]"])
    #expect(report.configuration?.processes.first?.watch == ["/srv/app", "/srv/later"])
  }
}
