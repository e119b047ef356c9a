/// A configuration built from command-line flags. Its text is what a
/// file would hold, so it can be stored and loaded again like one.
package struct AdHocConfiguration: Hashable, Sendable {
  package var text: [UInt8]
  package var report: ConfigurationReport
}

extension PupConfiguration {
  /// Builds and checks a configuration from flags; problems name the flag.
  package static func adHoc(
    _ options: AdHocOptions, directory: String, environment: any ConfigurationEnvironment
  ) -> AdHocConfiguration {
    let text = Array(options.json5(directory: directory, environment: environment).utf8)
    var report = load(bytes: text, source: .commandLine, directory: directory, environment: environment, checkingFiles: true)
    // A file may name a folder that is created later; someone who types one can correct it right away.
    for index in report.diagnostics.indices where report.diagnostics[index].keyPath == "processes[0].cwd" {
      report.diagnostics[index].severity = .error
      report.configuration = nil
    }
    for entry in options.env where !entry.contains("=") {
      report.configuration = nil
      report.diagnostics.append(
        Diagnostic(
          severity: .error, line: 1, column: 1, what: "`\(entry)` has no `=`", fix: "write NAME=value",
          keyPath: "processes[0].env"))
    }
    if !options.startsByItself {
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
    let style = WritingStyle(keyQuote: nil)
    let name = name.map { "name: " + style.text(of: .text($0)) + ", " } ?? ""
    return "{ \(name)processes: [" + style.text(of: processValue(directory: directory, environment: environment)) + "] }\n"
  }

  /// The process as a file would hold it, with its members in the order in which people write them.
  package func processValue(directory: String, environment: any ConfigurationEnvironment) -> OrderedValue {
    var members = [
      OrderedValue.Member(name: "id", value: .text(id)), programMember(directory: directory, environment: environment),
    ]
    func add(_ name: String, _ value: OrderedValue?) {
      if let value { members.append(OrderedValue.Member(name: name, value: value)) }
    }
    add("autostart", autostart ? .boolean(true) : nil)
    add("watch", watch.isEmpty ? nil : .list(watch.map(OrderedValue.text)))
    add("cron", cron.map(OrderedValue.text))
    add("terminate", terminate.map(OrderedValue.text))
    add("cwd", cwd.map(OrderedValue.text))
    add("env", object(variables().sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) }))
    add(
      "cluster",
      object([
        ("instances", instances.map(OrderedValue.integer)), ("startPort", startPort.map(OrderedValue.integer)),
        ("commonPort", commonPort.map(OrderedValue.integer)), ("strategy", strategy.map(OrderedValue.text)),
      ]))
    add("logger", object([("stdout", stdout.map(OrderedValue.text)), ("stderr", stderr.map(OrderedValue.text))]))
    return .object(members)
  }

  /// Nil if no member has a value.
  private func object(_ members: [(String, OrderedValue?)]) -> OrderedValue? {
    let present = members.compactMap { name, value in value.map { OrderedValue.Member(name: name, value: $0) } }
    return present.isEmpty ? nil : .object(present)
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

  private func programMember(directory: String, environment: any ConfigurationEnvironment) -> OrderedValue.Member {
    switch program {
    case .command(let text): return OrderedValue.Member(name: "cmd", value: .text(text))
    case .worker(let words): return OrderedValue.Member(name: "worker", value: .list(words.map(OrderedValue.text)))
    case .arguments(var words):
      // A name that is also a builtin (echo, kill) means the program here; a path makes that explicit.
      if let name = words.first, ShellWords.builtins.contains(name) || ShellWords.reserved.contains(name) {
        let searchPath = environment.variables["PATH"] ?? ConfigurationDefaults.searchPath
        let found = ExecutableLookup.find(name, searchPath: searchPath, directory: directory, entry: environment.entry(at:))
        if case .found(let path, _) = found { words[0] = path }
      }
      return OrderedValue.Member(name: "cmd", value: .text(words.map(ShellWords.quoted).joined(separator: " ")))
    }
  }
}
