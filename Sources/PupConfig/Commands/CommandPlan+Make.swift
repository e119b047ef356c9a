extension CommandPlan {
  /// Decides how a process is executed on this machine, as it is now.
  package static func make(
    for process: ProcessConfiguration, environment: any ConfigurationEnvironment
  ) throws(CommandPlanError) -> CommandPlan {
    let searchPath = searchPath(of: process, base: environment.variables)
    return try make(for: process) {
      ExecutableLookup.find($0, searchPath: searchPath, directory: process.workingDirectory, entry: environment.entry(at:))
    }
  }

  /// `PATH` of the process: what it sets, else what is inherited, with its `path` appended.
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
    case .compound(let reason):
      return shell(.shell, text, reason)
    case .replacesShell:
      return shell(.shellThenProgram, text, "it says `exec` itself")
    case .simple(let simple):
      guard let words = simple.words else { return shell(.shellThenProgram, simple.textWithExec, simple.reason) }
      return try direct(words, simple, find)
    }
  }

  private static func direct(
    _ words: [String], _ simple: ShellCommand.Simple, _ find: (String) -> ExecutableLookup.Result
  ) throws(CommandPlanError) -> CommandPlan {
    switch find(words[0]) {
    case .found(let path, .executable), .found(let path, .notExecutable):
      return CommandPlan(executable: path, arguments: words, form: .direct, reason: "a simple command")
    case .found(_, .shellText):
      return shell(.shellThenProgram, simple.textWithExec, "the program is a text without a `#!` line")
    case .missing:
      let place = words[0].contains("/") ? "there is no program" : "PATH has no program"
      throw CommandPlanError(what: "\(place) `\(words[0])`", fix: "install it, or correct the command or `path`")
    }
  }
}
