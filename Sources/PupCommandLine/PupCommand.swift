internal import Glibc
internal import PupConfig

/// The whole of `pup`: finds the command, prints help, turns wrong usage into exit code 64.
package enum PupCommand {
  static let commands: [CommandSpecification] =
    [
      InitCommand.specification, AppendCommand.specification, RemoveCommand.specification, CheckCommand.specification,
      RunCommand.specification, StatusCommand.specification,
    ] + ActionCommand.specifications + [
      TerminateCommand.specification, LogsCommand.specification, MonitorCommand.specification, WhyCommand.specification,
      HistoryCommand.specification, TokenCommand.specification, UpgradeCommand.specification, SweepCommand.specification,
      EnableServiceCommand.specification, DisableServiceCommand.specification,
      CompletionCommand.specification, SetupCommand.specification, VersionCommand.specification,
    ]

  private static let usageExit: Int32 = 64
  private static let outputExit: Int32 = 74

  /// What other tools call it.
  private static let otherNames = [
    "ls": "status", "list": "status", "ps": "status", "info": "status", "delete": "remove", "del": "remove", "rm": "remove",
    "add": "append", "log": "logs", "tail": "logs", "watch": "monitor", "kill": "stop", "quit": "terminate",
    "shutdown": "terminate", "reload": "restart", "validate": "check", "explain": "why",
  ]

  package static func run(_ words: [String]) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    let code = dispatch(words)
    guard let reason = Terminal.outputProblem.reason else { return code }
    Terminal.complain("pup: standard output: \(reason); what was to be said there is incomplete")
    return code == 0 ? outputExit : code
  }

  private static func dispatch(_ words: [String]) -> Int32 {
    let words = Array(words.dropFirst())
    guard let name = words.first else {
      Terminal.complain(overview)
      return usageExit
    }
    switch name {
    case "help", "-h", "--help": return help(Array(words.dropFirst()))
    case "__complete": return CompletionCommand.complete(Array(words.dropFirst()))
    case "-v", "-V", "--version": return execute(VersionCommand.specification, [])
    default: break
    }
    guard let command = find(name) else {
      Terminal.complain("pup: '\(name)' is not a command\(suggestion(for: name)); see: pup help")
      return usageExit
    }
    return execute(command, Array(words.dropFirst()))
  }

  private static func execute(_ command: CommandSpecification, _ words: [String]) -> Int32 {
    let own = words.prefix { $0 != "--" }
    if own.contains("--help") || own.contains("-h") {
      Terminal.print(command.help)
      return 0
    }
    do throws(UsageError) {
      return try command.run(try ParsedArguments(words, options: command.options))
    } catch {
      Terminal.complain(
        "pup \(command.name): \(error.message)\nUsage: pup \(command.name) \(command.usage)\nMore: pup help \(command.name)")
      return usageExit
    }
  }

  private static func help(_ words: [String]) -> Int32 {
    guard let name = words.first, name != "help" else {
      Terminal.print(overview)
      return 0
    }
    guard let command = find(name) else {
      Terminal.complain("pup: there is no command '\(name)'\(suggestion(for: name)); see: pup help")
      return usageExit
    }
    Terminal.print(command.help)
    return 0
  }

  private static func find(_ name: String) -> CommandSpecification? {
    commands.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// " (did you mean 'logs'?)" for a name that is a slip or two away.
  static func suggestion(for name: String) -> String {
    let nearest = otherNames[name.lowercased()] ?? NearestName.find(name, among: commands.map(\.name))
    return nearest.map { " (did you mean '\($0)'?)" } ?? ""
  }

  private static var overview: String {
    let width = commands.map(\.name.count).max() ?? 0
    let list = (commands.map { ($0.name, $0.summary) } + [("help", "Explain a command.")]).map { name, summary in
      "  \(name.padded(to: width))  \(summary)\n"
    }
    return """
      Pup starts your programs, keeps them alive and logs what they say.

      Usage: pup COMMAND [OPTIONS]

      Commands:
      \(list.joined())
      pup help COMMAND tells more about one of them.

      """
  }
}
