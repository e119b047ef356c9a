import PupConfig
import Testing

/// Shell syntax that no shell reads, and programs that may not be executed, cause warnings; whatever works does not.
@Suite struct ShellSyntaxTests {
  private static let machine = StubEnvironment().with(programs: "python3")

  private func warnings(_ members: String) -> [String] {
    Self.machine.process("id: 'a', \(members)").diagnostics.map { "\($0.severity) \($0.what); \($0.fix)" }
  }

  @Test(arguments: [
    "'&&', 'echo', 'x'", "'|', 'tee', 'x'", "'>', 'out.log'", "'>out.log'", "'>>', 'x'", "'2>/dev/null'", "'2>&1'", "'$(date)'",
    "'`date`'",
    "';', 'x'", "'&'", "'<', 'in'",
  ])
  func noShellReadsAWorker(_ words: String) {
    let found = warnings("worker: ['script.py', \(words)]")
    #expect(found.count == 1 && found[0].contains("no shell reads `worker`") && found[0].contains("use `cmd`"), "\(found)")
  }

  @Test func aVariableIsNoScript() {
    let found = warnings("worker: ['DEBUG=1', 'script.py']")
    #expect(found.first?.contains("env: { DEBUG:") == true, "\(found)")
  }

  @Test(arguments: [
    "worker: ['script.py', '--where', 'a=b', 'x>5', '>=3', '(a|b)', 'a && b', '$5', 'costs $(5', '<html>']",
    "worker: ['script.py', 'a=b', 'a;b', 'x|y', '-c', '&amp;']",
  ])
  func whatAnybodyMayMeanIsNoWarning(_ members: String) {
    #expect(warnings(members) == [])
  }

  @Test(arguments: ["sleep 1 && sleep 2", "sleep 1 | sleep 2", "sleep 1 > out", "X=1 sleep 1", "sleep $(echo 1)", "exec sleep 1"])
  func aCommandThatNeedsAShellGetsOne(_ command: String) {
    #expect(warnings("cmd: '\(command)'") == [])
  }

  @Test(arguments: ["cmd: './script.py x'", "cmd: '/srv/script.py'", "cmd: 'script.py'"]) func aScriptWithoutItsBitIsSaid(
    _ members: String
  ) {
    let found = warnings(members)
    guard members.contains("/") else {
      #expect(found.first?.contains("PATH has no program `script.py`") == true, "\(found)")
      return
    }
    #expect(
      found == [
        "warning `/srv/script.py` is not executable (its mode is 600), so every start fails; "
          + "run: chmod +x /srv/script.py, or name its interpreter before it, such as sh or python3"
      ], "\(found)")
  }

  @Test func aBitThatDoesNotHelpIsSaid() {
    var machine = Self.machine
    machine.modes["/srv/script.py"] = 0o755
    let found = machine.process("id: 'a', cmd: './script.py'").diagnostics
    #expect(found.count == 1 && found[0].what.contains("may not be executed here") && found[0].fix.contains("noexec"))
  }

  @Test(arguments: ["cmd: 'python3 script.py'", "worker: ['script.py']", "cmd: './tool'", "cmd: './text'"]) func whatWorksIsNone(
    _ members: String
  ) {
    #expect(warnings(members) == [])
  }

  @Test(arguments: [
    ("'X=1' sleep 1", "env: { X:"), ("'sleep 1 && sleep 2'", "do not quote a whole command line"), ("nothing 1", "install it"),
  ])
  func aNameThatIsNoneSaysWhatWasMeant(_ command: String, _ fix: String) {
    let found = warnings("cmd: \"\(command)\"")
    #expect(found.count == 1 && found[0].contains(fix), "\(found)")
  }
}
