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

  /// The new process itself examines the script and becomes deno.
  @Test func denoServesWebWorkersAsWell() throws {
    let plan = try plan(["-x.ts", "a b"], programs: ["node", "deno", "bun"])
    #expect(plan.executable == "/bin/sh" && plan.form == .interpreter)
    #expect(plan.arguments.prefix(2) == ["sh", "-c"] && plan.arguments.suffix(3) == ["/usr/bin/deno", "./-x.ts", "a b"])
    #expect(plan.arguments[2].contains("exec \"$deno\" run --allow-all \"$@\"; fi"))
    #expect(plan.arguments[3].hasPrefix("data:text/javascript,%2f%2f%20Pup"))
  }

  @Test(arguments: [
    ("self.onmessage = async (event) => {}", true), ("onmessage = () => {}", true), ("x\n  globalThis.onmessage=f", true),
    ("(self as any).onmessage = f", true), ("self.addEventListener('message', f)", true),
    ("const worker = new Worker(u)\nworker.onmessage = f", false),
    ("socket.onmessage = f", false), ("// nothing", false), ("", false),
  ])
  func aWebWorkerWithoutDenoIsAWarning(_ text: String, _ isOne: Bool) {
    var machine = StubEnvironment().with(programs: "node")
    machine.entries["/srv/w.js"] = .file(isWritable: true, program: .notExecutable)
    machine.texts["/srv/w.js"] = text
    let report = machine.process("id: 'a', worker: ['w.js']")
    #expect(report.diagnostics.map { $0.what.contains("deno is not in PATH") } == (isOne ? [true] : []))
    #expect(machine.with(programs: "deno").process("id: 'a', worker: ['w.js']").diagnostics == [])
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
    (["file"], "`file` is not executable and its extension does not identify an interpreter"),
    (["nothing"], "the script `nothing` does not exist"),
    ([".py"], "the script `.py` does not exist"), ([""], "`worker` names no script"), ([], "`worker` names no script"),
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
    #expect(report.diagnostics.map(\.what) == ["the script `/srv/x.rb` does not exist"])
  }
}
