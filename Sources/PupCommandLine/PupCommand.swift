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

  package static func run(_ words: [String]) -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    let words = Array(words.dropFirst())
    guard let name = words.first else {
      Terminal.complain(overview)
      return usageExit
    }
    switch name {
    case "help", "-h", "--help": return help(Array(words.dropFirst()))
    case "__complete": return CompletionCommand.complete(Array(words.dropFirst()))
    case "-v", "--version": return execute(VersionCommand.specification, [])
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
  private static func suggestion(for name: String) -> String {
    NearestName.find(name, among: commands.map(\.name)).map { " (did you mean '\($0)'?)" } ?? ""
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
