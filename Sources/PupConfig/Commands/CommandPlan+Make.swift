internal import PupBasics

extension CommandPlan {
  /// Decides how a process is executed on this machine in its present state.
  package static func make(
    for process: ProcessConfiguration, environment: any ConfigurationEnvironment
  ) throws(CommandPlanError) -> CommandPlan {
    let searchPath = searchPath(of: process, base: environment.variables)
    return try make(for: process) {
      ExecutableLookup.find($0, searchPath: searchPath, directory: process.workingDirectory, entry: environment.entry(at:))
    }
  }

  /// `PATH` of the process: its own value or else the inherited one, with its `path` appended.
  static func searchPath(of process: ProcessConfiguration, base: [String: String]) -> String {
    let path = process.environment["PATH"] ?? base["PATH"] ?? ConfigurationDefaults.searchPath
    guard let more = process.path, !more.isEmpty else { return path }
    return path.isEmpty ? more : path + ":" + more
  }

  static func make(
    for process: ProcessConfiguration, find: (String) -> ExecutableLookup.Result
  ) throws(CommandPlanError) -> CommandPlan {
    switch process.program {
    case .command(let text): try command(text, find)
    case .worker(let words): try Interpreter.plan(words, directory: process.workingDirectory, find)
    }
  }

  private static func command(_ text: String, _ find: (String) -> ExecutableLookup.Result) throws(CommandPlanError) -> CommandPlan
  {
    switch ShellCommand.analyse(text) {
    case .empty:
      throw CommandPlanError(what: "the command is empty", fix: "write the program and its arguments", isCertain: true)
    case .compound(let reason, let isUnclosed):
      var plan = shell(.shell, text, reason)
      plan.isUnclosed = isUnclosed
      return plan
    case .replacesShell:
      return shell(.shellThenProgram, text, "it uses `exec` itself")
    case .simple(let simple):
      guard let words = simple.words else { return shell(.shellThenProgram, simple.textWithExec, simple.reason) }
      return try direct(words, simple, find)
    }
  }

  /// How to fix a program that was not found, with a hint if its name shows what was meant.
  private static func fix(forMissing name: String) -> String {
    if let variable = ShellSyntax.variable(name) {
      return "set the variable with `env` (env: { \(variable): \"…\" }, or --env); the program comes first"
    }
    if name.utf8.contains(where: {
      $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "&")
    }) {
      return "all of it is taken as the program's name: do not quote a whole command line (use --cmd for one, not --)"
    }
    return "install it, or correct the command or `path`"
  }

  private static func direct(
    _ words: [String], _ simple: ShellCommand.Simple, _ find: (String) -> ExecutableLookup.Result
  ) throws(CommandPlanError) -> CommandPlan {
    switch find(words[0]) {
    case .found(let path, .executable), .found(let path, .notExecutable):
      return CommandPlan(executable: path, arguments: words, form: .direct, reason: "a simple command")
    case .found(_, .shellText):
      return shell(.shellThenProgram, simple.textWithExec, "the program is a text file without a `#!` line")
    case .missing:
      let isPath = PathText.hasSlash(words[0])
      throw CommandPlanError(
        what: "\(isPath ? "there is no program" : "PATH has no program") `\(words[0])`",
        fix: fix(forMissing: words[0]),
        attempt: isPath ? CommandPlan(executable: words[0], arguments: words, form: .direct, reason: "a simple command") : nil)
    }
  }
}
