import PupConfig
import PupCore
import PupTestSupport
import Testing

/// What is started must do the same as `/bin/sh -c` with the command as written.
@Suite struct ShellEquivalenceTests {
  private let machine = SystemConfigurationEnvironment(variables: ["PATH": "/usr/bin:/bin"])

  /// Runs a command both ways in its own folder.
  private func compare(_ command: String) throws -> (form: CommandPlan.Form, same: Bool, detail: String) {
    let folder = try TemporaryFolder()
    for name in ["a.txt", "b c.txt", "in"] { try folder.write(name, Array("\(name)\n".utf8)) }
    let process = ProcessConfiguration(id: ProcessID("a"), program: .command(command), workingDirectory: folder.path)
    let plan = try CommandPlan.make(for: process, environment: machine)
    let original = try ProgramRunner.run("/bin/sh", ["sh", "-c", command], in: folder.path).outcome
    let started = try ProgramRunner.run(plan.executable, plan.arguments, in: folder.path).outcome
    return (plan.form, original == started, "\(command) → \(plan.arguments): \(original) ≠ \(started)")
  }

  @Test(
    arguments: [
      #"printf2 '<%s>' 'a b' "c d" e\ f"#, #"printf2 '<%s>' "a'b" 'a"b' a\'b "a\"b" "a\$b" 'a\$b' "a\\b" "a\b" 'it'\''s'"#,
      #"printf2 '<%s>' "$HOME" $SPACED "$SPACED" ${SPACED} "$STAR" $STAR $NOTSET "$NOTSET""#,
      "printf2 '<%s>' *.txt '*.txt' [ab]*.txt nothing*",
      "printf2 '<%s>' ~ ~/x a~ '~'", "printf2 '<%s>' $(echo sub shell) \"$(echo sub shell)\" `echo back` \"`echo \\\"q\\\"`\"",
      "printf2 '<%s>' $((1 + (2 * 3))) \"$(echo \")\" '(')\"", "printf2 '<%s>' a # comment ; | && (", "printf2 '<%s>' a;",
      "printf2 '<%s>' a ;  ",
      "\n  printf2 '<%s>' a\n\n", "printf2 '<%s>' a\\\nb \\\n c", "A=1 B=\"x y\" sh -c 'echo $A $B'",
      "A=1 A=2 sh -c 'echo $A' $A",
      "A=$HOME sh -c 'echo $A'", "X=* sh -c 'echo \"$X\"'", "2>&1 sh -c 'echo err >&2; echo out'",
      "sh -c 'echo err >&2; echo out' 2>&1",
      "sh -c 'echo err >&2; echo out' 2>/dev/null", "sh -c 'echo out' >/dev/null", "<in cat", "cat <in", "cat 3<in <&3",
      "3<in cat <&3 3<&-",
      "cat <missing", "A=1 cat <missing", "sh -c 'exit 7'", "A=1 sh -c 'exit 8'", "no-such-program $HOME", "/no/such/$HOME/x a",
      "printf2 '<%s>' {a,b} [ ] ! = a=b -n -- '' \"\"", "'printf2' '<%s>' x", "/usr/bin/pri\"nt\"f '<%s>' x",
      "/usr/bin/print[f] '<%s>' x",
      "$BIN/printf '<%s>' x", "printf2 '<%s>' 日本 'å' \"é\"", "printf2 '<%s>' '$x' \"\\`x\\`\" \\$x",
      "printf2 '<%s>' a'b'\"c\"d\\e$STAR",
      "printf2 '<%s>' \"a\nb\"", "printf2 '<%s>' \"a\\\nb\"", "printf2 '<%s>' x >&1", "printf2 '<%s>' 2 >&1",
      "printf2 '<%s>' a2>&1",
      "env -i A=1 env", "printf2 '<%s>' $# $? \"$@\" $0 $-", "printf2 '<%s>' \"$\" $ a$ \"a$\"", "sh -c 'echo x' >|file",
      "printf2 '<%s>' 'a\\'",
      "printf2 '<%s>' \"${HOME}x\" ${NOTSET:-default} ${HOME#/}", "printf2 '<%s>' # only a comment", "printf2 '<%s>' a#b '#'",
    ].map { $0.replacing("printf2", with: "/usr/bin/printf").replacing("$BIN", with: "${BIN:-/usr/bin}") })
  func printsTheSame(_ command: String) throws {
    let result = try compare(command)
    #expect(result.same, "\(result.detail)")
    #expect(result.form != .shell, "\(command)")
  }

  /// Random pieces of shell syntax. Commands classified as simple
  /// must behave like the original; the rest is run unchanged anyway.
  @Test func printsTheSameForRandomCommands() throws {
    let pieces = [
      "a", "b c", " ", " ", "'", "\"", "\\", "$", "$HOME", "${HOME}", "$(echo x)", "`echo y`", "*", "?", "[a]", "~", "=", "#",
      "A=1 ", "2>&1", ">o",
      "<in", "{", "}", "!", "\n", "é", "$SPACED", "'q r'", "\"s $STAR\"", "\\\n", "-", "1", "\\'", "\\\"", "$((1+1))", "%", "^",
      ",",
    ]
    var random = SeededGenerator(seed: 2)
    var compared = 0
    while compared < 150 {
      var command = Bool.random(using: &random) ? "A=1 " : ""
      command += "/usr/bin/printf '<%s>' "
      for _ in 0..<Int.random(in: 1...8, using: &random) { command += pieces.randomElement(using: &random) ?? "" }
      let process = ProcessConfiguration(id: ProcessID("a"), program: .command(command), workingDirectory: "/")
      // The shell's pid differs from run to run.
      guard !command.contains("$$"), try CommandPlan.make(for: process, environment: machine).form != .shell else { continue }
      let result = try compare(command)
      #expect(result.same, "\(result.detail)")
      compared += 1
    }
  }

  /// The supervised pid is the program's own.
  @Test(arguments: [
    "sh -c 'echo $$'", "A=1 sh -c 'echo $$'", "sh -c 'echo $$' 2>/dev/null", "sh -c 'echo $$' $HOME", "exec sh -c 'echo $$'",
    "2>/dev/null A=1 sh -c 'echo $$' *",
  ])
  func thePidIsTheProgramsOwn(_ command: String) throws {
    let process = ProcessConfiguration(id: ProcessID("a"), program: .command(command), workingDirectory: "/")
    let plan = try CommandPlan.make(for: process, environment: machine)
    let (pid, outcome) = try ProgramRunner.run(plan.executable, plan.arguments, in: "/")
    #expect(outcome == ProgramRunner.Outcome(status: 0, output: "\(pid)\n"))
  }

  /// With a shell in between, a program's death by a signal would look like exit code 137.
  @Test func aSignalIsSeenAsASignal() throws {
    let process = ProcessConfiguration(id: ProcessID("a"), program: .command("A=1 sh -c 'kill -9 $$'"), workingDirectory: "/")
    let plan = try CommandPlan.make(for: process, environment: machine)
    #expect(try ProgramRunner.run(plan.executable, plan.arguments, in: "/").outcome.status == 256 + 9)
  }
}
