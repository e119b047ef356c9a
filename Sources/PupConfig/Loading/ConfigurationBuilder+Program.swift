internal import PupBasics

extension ConfigurationBuilder {
  /// Reports reasons visible now why a program will not start. A `cmd` may name something
  /// that is installed later, so that is a warning; a worker without an interpreter is an
  /// error. If the working directory does not exist, nothing can be said about its contents.
  mutating func checkProgram(_ reader: ObjectReader, _ process: ProcessConfiguration) {
    guard files.isActive, reader.node("cmd") != nil || reader.node("worker") != nil,
      files.problemOfDirectory(process.workingDirectory) == nil
    else { return }
    checkSyntax(reader, process)
    let searchPath = CommandPlan.searchPath(of: process, base: files.environment.variables)
    do throws(CommandPlanError) {
      let plan = try CommandPlan.make(for: process) {
        searchPaths.find($0, searchPath: searchPath, directory: process.workingDirectory, &files)
      }
      if plan.form == .interpreter { checkScript(reader, process, plan) }
      if plan.form == .direct { checkRights(reader, plan) }
      if plan.isUnclosed, let node = reader.node("cmd") {
        collector.report(.warning, at: node, "the shell will refuse this command: \(plan.reason)", "close it")
      }
    } catch {
      if let node = reader.node("worker") {
        collector.report(error.attempt == nil ? .error : .warning, at: node, error.what, error.fix)
      } else if let node = reader.node("cmd") {
        collector.report(error.isCertain ? .error : .warning, at: node, error.what, error.fix)
      }
    }
  }

  /// Warns about shell syntax in a worker's words, which no shell reads. (A `cmd` that needs a shell gets one.)
  private mutating func checkSyntax(_ reader: ObjectReader, _ process: ProcessConfiguration) {
    guard case .worker(let words) = process.program, let node = reader.node("worker") else { return }
    if let first = words.first, let name = ShellSyntax.variable(first) {
      collector.report(
        .warning, at: node, "no shell reads `worker`: `\(first)` is taken as the script's name",
        "write env: { \(name): \"…\" } for the variable, and the script as the first word")
    } else if let word = ShellSyntax.first(in: words) {
      collector.report(
        .warning, at: node, "no shell reads `worker`: `\(word)` reaches the script as an argument",
        "use `cmd` for a shell's command line (its output: `logger.stdout`)")
    }
  }

  private mutating func checkRights(_ reader: ObjectReader, _ plan: CommandPlan) {
    guard case .file(isWritable: _, program: .notExecutable) = files.entry(at: plan.executable),
      let node = reader.node("cmd") ?? reader.node("worker")
    else { return }
    let mode = files.environment.permissions(of: plan.executable)
    if let mode, mode & 0o111 == 0 {
      collector.report(
        .warning, at: node,
        "`\(plan.executable)` is not executable (its mode is \(String(mode, radix: 8))), so every start fails",
        "run: chmod +x \(ShellWords.quoted(plan.executable)), or name its interpreter before it, such as sh or python3")
    } else {
      collector.report(
        .warning, at: node, "`\(plan.executable)` may not be executed here, so every start fails",
        "check whether it is executable for this user, and whether its file system is mounted with noexec")
    }
  }

  private mutating func checkScript(_ reader: ObjectReader, _ process: ProcessConfiguration, _ plan: CommandPlan) {
    guard case .worker(let words) = process.program, let script = words.first, !Interpreter.isRemote(script),
      let node = reader.node("worker")
    else { return }
    let path = PathText.join(process.workingDirectory, script)
    if files.entry(at: path) == nil {
      collector.report(.warning, at: node, "the script `\(path)` does not exist", "correct the path; it is relative to `cwd`")
    } else if plan.executable != CommandPlan.shellPath, let text = files.environment.contents(of: path, limit: Self.scriptLimit),
      Interpreter.isWebWorker(words, text)
    {
      collector.report(
        .warning, at: node,
        "`\(script)` waits for messages (`onmessage`), like workers of the original Pup, but will not receive any: deno is not in PATH",
        "install deno, or change the script so that it starts without a message")
    }
  }

  /// Only this much of a script is examined.
  private static let scriptLimit = 1 << 20
}
