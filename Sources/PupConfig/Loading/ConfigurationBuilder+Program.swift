extension ConfigurationBuilder {
  /// Tells what can be seen today of a program that will not start. A `cmd` may name something that is installed later, so that is
  /// a warning; a worker without an interpreter is an error.
  mutating func checkProgram(_ reader: ObjectReader, _ process: ProcessConfiguration) {
    guard files.isActive, reader.node("cmd") != nil || reader.node("worker") != nil else { return }
    let searchPath = CommandPlan.searchPath(of: process, base: files.environment.variables)
    do throws(CommandPlanError) {
      let plan = try CommandPlan.make(for: process) {
        searchPaths.find($0, searchPath: searchPath, directory: process.workingDirectory, &files)
      }
      if plan.form == .interpreter { checkScript(reader, process) }
      if plan.reason.hasSuffix("is not closed"), let node = reader.node("cmd") {
        collector.report(.warning, at: node, "the shell will refuse this command: \(plan.reason)", "close it")
      }
    } catch {
      if let node = reader.node("worker") {
        collector.report(at: node, error.what, error.fix)
      } else if let node = reader.node("cmd") {
        collector.report(error.isCertain ? .error : .warning, at: node, error.what, error.fix)
      }
    }
  }

  private mutating func checkScript(_ reader: ObjectReader, _ process: ProcessConfiguration) {
    guard case .worker(let words) = process.program, let script = words.first, !Interpreter.isRemote(script),
      let node = reader.node("worker")
    else { return }
    let path = PathText.join(process.workingDirectory, script)
    if files.entry(at: path) == nil {
      collector.report(.warning, at: node, "there is no script `\(path)`", "correct the path; it is relative to `cwd`")
    }
  }
}
