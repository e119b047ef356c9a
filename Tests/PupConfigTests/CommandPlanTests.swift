import PupConfig
import PupCore
import Testing

@Suite struct CommandPlanTests {
  private func plan(_ command: String, environment: StubEnvironment = StubEnvironment()) throws -> CommandPlan {
    let process = ProcessConfiguration(id: ProcessID("a"), program: .command(command), workingDirectory: "/srv")
    return try CommandPlan.make(for: process, environment: environment)
  }

  @Test(arguments: [
    ("foo", ["foo"]), ("  foo  -a\tb ", ["foo", "-a", "b"]), ("foo a=b x:y %1 +2 ,", ["foo", "a=b", "x:y", "%1", "+2", ","]),
    ("foo 'a b' \"c d\" e\\ f", ["foo", "a b", "c d", "e f"]), ("foo '' \"\"", ["foo", "", ""]),
    ("foo \"a\\\"b\\$c\\\\d\\e\"", ["foo", "a\"b$c\\d\\e"]), ("'foo' b\"a\"r", ["foo", "bar"]),
    ("foo a\\\nb \\\n c", ["foo", "ab", "c"]),
    ("foo a # b; c | d", ["foo", "a"]), ("foo a;", ["foo", "a"]), ("\n foo a \n\n# end\n", ["foo", "a"]),
    ("foo å '日本'", ["foo", "å", "日本"]),
    ("foo a#b !", ["foo", "a#b", "!"]), ("/usr/bin/foo x", ["/usr/bin/foo", "x"]), ("foo 1 2", ["foo", "1", "2"]),
    ("foo 'it'\\''s'", ["foo", "it's"]), ("foo b~", ["foo", "b~"]),
  ])
  func literalCommandsNeedNoShell(_ command: String, _ arguments: [String]) throws {
    let plan = try plan(command)
    #expect(plan == CommandPlan(executable: "/usr/bin/foo", arguments: arguments, form: .direct, reason: "a simple command"))
  }

  @Test(
    arguments: [
      ("foo $HOME", "exec foo $HOME", "a variable or substitution"), ("foo *.txt", "exec foo *.txt", "a pattern"),
      ("foo ~/x", "exec foo ~/x", "a pattern"), ("A=1 foo", "A=1 exec foo", "an assignment"),
      ("A=1 B='x y' foo a", "A=1 B='x y' exec foo a", "an assignment"), ("foo >out", "exec foo >out", "a redirection"),
      ("2>&1 foo", "2>&1 exec foo", "a redirection"), (">a <b foo", ">a <b exec foo", "a redirection"),
      ("A=1 >a B=2 foo x", "A=1 >a B=2 exec foo x", "an assignment, a redirection"),
      ("foo 2> /dev/null", "exec foo 2> /dev/null", "a redirection"),
      ("foo \"$(date +%s)\"", "exec foo \"$(date +%s)\"", "a variable or substitution"),
      ("$HOME/bin/foo x", "exec $HOME/bin/foo x", "a variable or substitution"),
      ("foo `a`;", "exec foo `a`;", "a variable or substitution"),
      ("foo {a,b}", "exec foo {a,b}", "a pattern"), ("foo \"$\"", "exec foo \"$\"", "a variable or substitution"),
      ("foo $(a $(b) \"$(c ')')\")", "exec foo $(a $(b) \"$(c ')')\")", "a variable or substitution"),
      ("foo $((1 + (2)))", "exec foo $((1 + (2)))", "a variable or substitution"), ("é=1 foo", nil, nil),
      ("foo 3<x 4>|y <&3 >&-", "exec foo 3<x 4>|y <&3 >&-", "a redirection"),
    ] as [(String, String?, String?)])
  func simpleCommandsReplaceTheirShell(_ command: String, _ text: String?, _ needs: String?) throws {
    guard let text, let needs else {
      // Not an assignment for a shell, but the name of a program.
      #expect(throws: CommandPlanError.self) { try self.plan(command) }
      return
    }
    let plan = try plan(command)
    #expect(plan.form == .shellThenProgram && plan.executable == "/bin/sh")
    #expect(plan.arguments == ["sh", "-c", text])
    #expect(plan.reason == "a simple command with " + needs)
  }

  @Test(arguments: [
    ("foo && foo", "`&&` joins several commands"), ("foo || foo", "`||` joins several commands"),
    ("foo | foo", "`|` makes it a pipeline"),
    ("foo; foo", "`;` joins several commands"), ("foo &", "`&` runs a part in the background"),
    ("foo &> x", "`&` runs a part in the background"),
    ("(foo)", "parentheses make it a subshell or a function"), ("foo() { :; }", "parentheses make it a subshell or a function"),
    ("foo <<E\nx\nE", "`<<` is a here-document"), ("foo\nfoo", "a second line"), ("cd /x", "`cd` is built into the shell"),
    ("'cd' /x", "`cd` is built into the shell"), (": x", "`:` is built into the shell"), (". ./x", "`.` is built into the shell"),
    ("ulimit -n 5", "`ulimit` is built into the shell"), ("A=1 export A", "`export` is built into the shell"),
    ("echo hi", "`echo` is built into the shell"), ("while true; do foo; done", "`;` joins several commands"),
    ("{ foo; }", "`;` joins several commands"), ("! foo", "`!` is a reserved word of the shell"),
    ("if", "`if` is a reserved word of the shell"),
    ("A=1", "it only sets variables or redirects"), (">x", "it only sets variables or redirects"),
    ("exec", "`exec` is built into the shell"),
    ("exec >x", "`exec` is built into the shell"), ("$FOO x", "the shell has to expand the program's name"),
    ("\"$FOO\"", "the shell has to expand the program's name"), ("foo 'x", "a ' is not closed"),
    ("foo \"x", "a \" is not closed"),
    ("foo `x", "a ` is not closed"), ("foo $(x", "a ( is not closed"), ("foo ${x", "a ${ is not closed"),
    ("foo \\", "it ends with a backslash"),
    ("foo >", "a redirection has no target"), ("; foo", "`;` has no command before it"),
    ("foo;;", "`;` has no command before it"), ("i=0; while true; do foo; done", "`;` joins several commands"),
    ("> out; foo", "`;` joins several commands"), ("A=1;;", "`;` has no command before it"),
    ("'' x", "the program's name is unusual"), ("-x", "the program's name is unusual"),
    ("foo $'a'", "it has a complex substitution"),
    ("foo ${x:-\"}\"}", "it has a complex substitution"), ("foo $(case x in x) y;; esac)", "it has a complex substitution"),
    ("foo $(a # )\n)", "it has a complex substitution"),
  ])
  func everythingElseIsSupervisedAsItsShell(_ command: String, _ reason: String) throws {
    var expected = CommandPlan(executable: "/bin/sh", arguments: ["sh", "-c", command], form: .shell, reason: reason)
    expected.isUnclosed = ["foo 'x", "foo \"x", "foo `x", "foo $(x", "foo ${x"].contains(command)
    #expect(try plan(command) == expected)
  }

  @Test func aCommandThatReplacesItsShellIsLeftAlone() throws {
    let plan = try plan("A=1 exec foo $x")
    #expect(plan.arguments[2] == "A=1 exec foo $x" && plan.form == .shellThenProgram)
  }

  /// execve(2) refuses an executable text file without `#!`; a shell runs it.
  @Test func textWithoutAnInterpreterLineIsRunByAShell() throws {
    let plan = try plan("plain 'a b'")
    #expect(plan.arguments == ["sh", "-c", "exec plain 'a b'"] && plan.form == .shellThenProgram)
  }

  @Test(arguments: [
    ("nothere x", "PATH has no program `nothere`"), ("./nothere", "there is no program `./nothere`"),
    ("", "the command is empty"),
    ("  # x", "the command is empty"),
  ])
  func tellsWhatIsMissing(_ command: String, _ what: String) {
    let error = #expect(throws: CommandPlanError.self) { try plan(command) }
    #expect(error?.what == what)
  }

  @Test func programsAreLookedForWhereTheProcessLooks() throws {
    var machine = StubEnvironment()
    machine.entries["/opt/x/mine"] = .file(isWritable: false, program: .executable)
    machine.entries["/own/foo"] = .file(isWritable: false, program: .executable)
    machine.entries["/srv/here"] = .file(isWritable: false, program: .executable)
    var process = ProcessConfiguration(id: ProcessID("a"), program: .command("mine"), workingDirectory: "/srv")
    process.path = "/opt/x"
    #expect(try CommandPlan.make(for: process, environment: machine).executable == "/opt/x/mine")
    process.program = .command("foo")
    process.environment["PATH"] = "/own"
    #expect(try CommandPlan.make(for: process, environment: machine).executable == "/own/foo")
    process.environment["PATH"] = ":/bin"
    process.program = .command("here")
    #expect(try CommandPlan.make(for: process, environment: machine).executable == "/srv/here")
    process.program = .command("./here")
    #expect(try CommandPlan.make(for: process, environment: machine).executable == "/srv/here")
  }

  @Test func aProgramThatIsNotThereYetIsAWarning() {
    let report = StubEnvironment().process("id: 'a', cmd: 'nothere x'")
    #expect(report.diagnostics.map(\.severity) == [.warning] && report.configuration != nil)
    let empty = StubEnvironment().process("id: 'a', cmd: '  '")
    #expect(empty.diagnostics.map(\.what) == ["the command is empty"] && empty.configuration == nil)
    let open = StubEnvironment().process("id: 'a', cmd: 'foo \"x'")
    #expect(open.diagnostics.map(\.severity) == [.warning])
  }
}
