import PupConfig
import PupCore
import Testing

@Suite struct InterpreterTests {
  private func plan(_ words: [String], programs: [String]) throws -> CommandPlan {
    var machine = StubEnvironment()
    for name in programs { machine.entries["/usr/bin/" + name] = .file(isWritable: false, program: .executable) }
    let process = ProcessConfiguration(id: ProcessID("a"), program: .worker(words), workingDirectory: "/srv")
    return try CommandPlan.make(for: process, environment: machine)
  }

  @Test(arguments: [
    (["script.py", "a b"], ["python3", "python"], ["python3", "script.py", "a b"]),
    (["script.py"], ["python"], ["python", "script.py"]),
    (["x.ts"], ["node", "deno", "bun"], ["deno", "run", "--allow-all", "x.ts"]),
    (["x.ts"], ["node", "bun"], ["bun", "run", "x.ts"]),
    (["x.js"], ["node", "bun"], ["node", "x.js"]), (["x.MJS"], ["node"], ["node", "x.MJS"]),
    (["d/x.rb"], ["ruby"], ["ruby", "d/x.rb"]),
    (["x.lua"], ["lua5.4"], ["lua5.4", "x.lua"]), (["x.sh", "-a"], ["sh"], ["sh", "x.sh", "-a"]),
    (["x.bash"], ["bash"], ["bash", "x.bash"]),
    (["-x.pl"], ["perl"], ["perl", "./-x.pl"]), (["x.php"], ["php"], ["php", "x.php"]),
    (["x.tsx"], ["node", "bun"], ["bun", "run", "x.tsx"]),
    (["https://example.org/x.js"], ["node", "deno"], ["deno", "run", "--allow-all", "https://example.org/x.js"]),
    (["jsr:@a/b"], ["deno"], ["deno", "run", "--allow-all", "jsr:@a/b"]),
  ])
  func choosesByExtension(_ words: [String], _ programs: [String], _ arguments: [String]) throws {
    let plan = try plan(words, programs: programs)
    #expect(plan.arguments == arguments)
    #expect(plan.executable == "/usr/bin/" + arguments[0] && plan.form == .interpreter)
  }

  @Test func anExecutableRunsByItself() throws {
    #expect(
      try plan(["tool", "x"], programs: [])
        == CommandPlan(
          executable: "/srv/tool", arguments: ["tool", "x"], form: .direct, reason: "an executable script or program"))
    #expect(try plan(["/srv/text", "x"], programs: []).arguments == ["sh", "/srv/text", "x"])
  }

  @Test(arguments: [
    (["x.ts"], "no interpreter for `x.ts` is in PATH (looked for: deno, bun, node)"),
    (["x.py"], "no interpreter for `x.py` is in PATH (looked for: python3, python)"),
    (["file"], "`file` is not executable and its extension says no interpreter"), (["nothing"], "there is no script `nothing`"),
    ([".py"], "there is no script `.py`"), ([""], "`worker` names no script"), ([], "`worker` names no script"),
  ])
  func namesWhatItLookedFor(_ words: [String], _ what: String) {
    let error = #expect(throws: CommandPlanError.self) { try plan(words, programs: []) }
    #expect(error?.what == what)
  }

  @Test func aMissingInterpreterIsALocatedError() {
    let report = StubEnvironment().process("id: 'a', worker: ['x.rb']")
    #expect(
      report.rendered() == """
        pup.json:1:34: error: no interpreter for `x.rb` is in PATH (looked for: ruby); install one of them, or use `cmd` instead

        """)
  }

  @Test func aMissingScriptIsAWarning() {
    let report = StubEnvironment().with(programs: "ruby").process("id: 'a', worker: ['x.rb']")
    #expect(report.configuration != nil)
    #expect(report.diagnostics.map(\.what) == ["there is no script `/srv/x.rb`"])
  }
}
