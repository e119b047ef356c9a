internal import PupBasics

/// What runs a worker's script.
package enum Interpreter {
  /// Candidates by extension, best first.
  private static let candidates: [String: [String]] = [
    "ts": ["deno", "bun", "node"], "mts": ["deno", "bun", "node"], "tsx": ["deno", "bun"], "jsx": ["deno", "bun"],
    "js": ["deno", "node", "bun"], "mjs": ["deno", "node", "bun"], "cjs": ["deno", "node", "bun"],
    "py": ["python3", "python"], "rb": ["ruby"], "lua": ["lua", "lua5.4", "lua5.3", "luajit"], "pl": ["perl"], "php": ["php"],
    "sh": ["sh"], "bash": ["bash"],
  ]

  /// For the documentation.
  static var table: String {
    let byPrograms = Dictionary(grouping: candidates.keys) { candidates[$0]?.joined(separator: ", ") ?? "" }
    return byPrograms.map { programs, extensions in "| \(extensions.sorted().joined(separator: ", ")) | \(programs) |\n" }
      .sorted()
      .joined()
  }

  /// Extensions of scripts with a known interpreter.
  package static var extensions: Dictionary<String, [String]>.Keys { candidates.keys }

  /// Arguments placed between the interpreter and the script.
  private static func options(of interpreter: String) -> [String] {
    switch interpreter {
    case "deno": ["run", "--allow-all"]
    case "bun": ["run"]
    default: []
    }
  }

  static func plan(
    _ words: [String], directory: String, _ find: (String) -> ExecutableLookup.Result
  ) throws(CommandPlanError) -> CommandPlan {
    guard let script = words.first, !script.isEmpty else {
      throw CommandPlanError(what: "`worker` names no script", fix: "write [\"script.py\", \"argument\"]")
    }
    let isRemote = isRemote(script)
    let fileExtension = extensionOf(script)
    guard let names = isRemote ? ["deno"] : candidates[fileExtension] else {
      return try program(words, find)
    }
    for name in names {
      guard case .found(let path, _) = find(name) else { continue }
      // A script whose name begins with a dash must not be mistaken for an option.
      let safe = script.hasPrefix("-") ? "./" + script : script
      if name == "deno", !isRemote {
        return CommandPlan(
          executable: CommandPlan.shellPath,
          arguments: WorkerHost.arguments(deno: path, options: options(of: name), words: [safe] + words.dropFirst()),
          form: .interpreter,
          reason: "deno runs .\(fileExtension), as a web worker if the script waits for messages (`onmessage`)")
      }
      let reason = isRemote ? "\(name) runs scripts by URL" : "\(name) runs .\(fileExtension)"
      return CommandPlan(
        executable: path, arguments: [name] + options(of: name) + [safe] + words.dropFirst(), form: .interpreter, reason: reason)
    }
    let list = names.joined(separator: ", ")
    throw CommandPlanError(
      what: "no interpreter for `\(script)` is in PATH (looked for: \(list))", fix: "install one of them, or use `cmd` instead")
  }

  /// A script without a known extension is executed directly or not at all.
  private static func program(_ words: [String], _ find: (String) -> ExecutableLookup.Result) throws(CommandPlanError)
    -> CommandPlan
  {
    let script = words[0]
    let path = PathText.hasSlash(script) ? script : "./" + script
    switch find(path) {
    case .found(let found, .executable):
      return CommandPlan(executable: found, arguments: words, form: .direct, reason: "an executable script or program")
    case .found(let found, .shellText):
      return CommandPlan(
        executable: CommandPlan.shellPath, arguments: ["sh", found] + words.dropFirst(), form: .interpreter,
        reason: "sh runs executable text without a `#!` line")
    case .found(_, .notExecutable):
      throw CommandPlanError(
        what: "`\(script)` is not executable and its extension does not identify an interpreter",
        fix: "chmod +x it, or give it one of the extensions \(candidates.keys.sorted().joined(separator: ", "))")
    case .missing:
      throw CommandPlanError(
        what: "the script `\(script)` does not exist", fix: "correct the path; it is relative to `cwd`",
        attempt: CommandPlan(executable: path, arguments: words, form: .direct, reason: "an executable script or program"))
    }
  }

  static func isRemote(_ script: String) -> Bool {
    ["http://", "https://", "jsr:", "npm:"].contains { script.hasPrefix($0) }
  }

  /// Whether the script waits for messages, as the original's workers receive them, which only deno can provide.
  static func isWebWorker(_ words: [String], _ script: [UInt8]) -> Bool {
    words.first.flatMap { candidates[extensionOf($0)] }?.first == "deno" && WorkerHost.isNeeded(by: script)
  }

  static func extensionOf(_ script: String) -> String {
    let name = PathText.name(of: script)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}
