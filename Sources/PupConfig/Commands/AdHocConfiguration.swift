/// A configuration made of flags. Its text is what a file would hold, so that it can be kept and loaded again like one.
package struct AdHocConfiguration: Hashable, Sendable {
  package var text: [UInt8]
  package var report: ConfigurationReport
}

extension PupConfiguration {
  /// Makes and checks a configuration of flags; problems name the flag.
  package static func adHoc(
    _ options: AdHocOptions, directory: String, environment: any ConfigurationEnvironment
  ) -> AdHocConfiguration {
    let text = Array(options.json5(directory: directory, environment: environment).utf8)
    var report = load(bytes: text, source: .commandLine, directory: directory, environment: environment, checkingFiles: true)
    for entry in options.env where !entry.contains("=") {
      report.configuration = nil
      report.diagnostics.append(
        Diagnostic(
          severity: .error, line: 1, column: 1, what: "`\(entry)` has no `=`", fix: "write NAME=value",
          keyPath: "processes[0].env"))
    }
    if !options.autostart, options.watch.isEmpty, options.cron == nil {
      report.diagnostics.append(
        Diagnostic(
          severity: .warning, line: 1, column: 1, what: "nothing starts the process by itself",
          fix: "add --autostart, --watch or --cron", keyPath: ""))
    }
    return AdHocConfiguration(text: text, report: report)
  }
}

extension AdHocOptions {
  func json5(directory: String, environment: any ConfigurationEnvironment) -> String {
    let quoted = JSON5Text.quoted
    var members = [("id", quoted(id)), programMember(directory: directory, environment: environment)]
    if autostart { members.append(("autostart", "true")) }
    if !watch.isEmpty { members.append(("watch", ConfigurationSchema.json(watch))) }
    let texts = [("cron", cron), ("terminate", terminate), ("cwd", cwd)]
    members += texts.compactMap { name, value in value.map { (name, quoted($0)) } }
    let variables = variables()
    if !variables.isEmpty {
      members.append(("env", object(variables.sorted { $0.key < $1.key }.map { (quoted($0.key), quoted($0.value)) })))
    }
    let cluster = [
      ("instances", instances.map(String.init)), ("startPort", startPort.map(String.init)),
      ("commonPort", commonPort.map(String.init)),
      ("strategy", strategy.map(quoted)),
    ].compactMap { name, value in value.map { (name, $0) } }
    if !cluster.isEmpty { members.append(("cluster", object(cluster))) }
    let logger = [("stdout", stdout), ("stderr", stderr)].compactMap { name, value in value.map { (name, quoted($0)) } }
    if !logger.isEmpty { members.append(("logger", object(logger))) }
    return "{ processes: [" + object(members) + "] }\n"
  }

  private func object(_ members: [(String, String)]) -> String {
    "{ " + members.map { "\($0): \($1)" }.joined(separator: ", ") + " }"
  }

  /// Later values win, as in a shell.
  private func variables() -> [String: String] {
    var result: [String: String] = [:]
    for entry in env {
      guard let equals = entry.firstIndex(of: "=") else { continue }
      result[String(entry[..<equals])] = String(entry[entry.index(after: equals)...])
    }
    return result
  }

  private func programMember(directory: String, environment: any ConfigurationEnvironment) -> (String, String) {
    switch program {
    case .command(let text): return ("cmd", JSON5Text.quoted(text))
    case .worker(let words): return ("worker", ConfigurationSchema.json(words))
    case .arguments(var words):
      // A name that is a builtin as well (echo, kill) means the program here: a path says so.
      if let name = words.first, ShellWords.builtins.contains(name) || ShellWords.reserved.contains(name) {
        let searchPath = environment.variables["PATH"] ?? ConfigurationDefaults.searchPath
        let found = ExecutableLookup.find(name, searchPath: searchPath, directory: directory, entry: environment.entry(at:))
        if case .found(let path, _) = found { words[0] = path }
      }
      return ("cmd", JSON5Text.quoted(words.map(ShellWords.quoted).joined(separator: " ")))
    }
  }
}
