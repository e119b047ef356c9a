/// What runs a worker's script.
enum Interpreter {
  /// Candidates by extension, best first.
  private static let candidates: [String: [String]] = [
    "ts": ["deno", "bun", "node"], "mts": ["deno", "bun", "node"], "tsx": ["deno", "bun"], "jsx": ["deno", "bun"],
    "js": ["deno", "node", "bun"], "mjs": ["deno", "node", "bun"], "cjs": ["deno", "node", "bun"],
    "py": ["python3", "python"], "rb": ["ruby"], "lua": ["lua", "lua5.4", "lua5.3", "luajit"], "pl": ["perl"], "php": ["php"],
    "sh": ["sh"], "bash": ["bash"],
  ]

  /// What stands between the interpreter and the script.
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
      // A script that begins with a dash must not be taken for an option.
      let safe = script.hasPrefix("-") ? "./" + script : script
      let reason = isRemote ? "\(name) runs scripts by URL" : "\(name) runs .\(fileExtension)"
      return CommandPlan(
        executable: path, arguments: [name] + options(of: name) + [safe] + words.dropFirst(), form: .interpreter, reason: reason)
    }
    let list = names.joined(separator: ", ")
    throw CommandPlanError(
      what: "no interpreter for `\(script)` is in PATH (looked for: \(list))", fix: "install one of them, or use `cmd` instead")
  }

  /// A script without a known extension runs by itself or not at all.
  private static func program(_ words: [String], _ find: (String) -> ExecutableLookup.Result) throws(CommandPlanError)
    -> CommandPlan
  {
    let script = words[0]
    let path = script.contains("/") ? script : "./" + script
    switch find(path) {
    case .found(let found, .executable):
      return CommandPlan(executable: found, arguments: words, form: .direct, reason: "an executable script or program")
    case .found(let found, .shellText):
      return CommandPlan(
        executable: CommandPlan.shellPath, arguments: ["sh", found] + words.dropFirst(), form: .interpreter,
        reason: "sh runs executable text without a `#!` line")
    case .found(_, .notExecutable):
      throw CommandPlanError(
        what: "`\(script)` is not executable and its extension says no interpreter",
        fix: "chmod +x it, or use one of the extensions \(candidates.keys.sorted().joined(separator: ", "))")
    case .missing:
      throw CommandPlanError(what: "there is no script `\(script)`", fix: "correct the path; it is relative to `cwd`")
    }
  }

  static func isRemote(_ script: String) -> Bool {
    ["http://", "https://", "jsr:", "npm:"].contains { script.hasPrefix($0) }
  }

  private static func extensionOf(_ script: String) -> String {
    let name = PathText.name(of: script)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}
