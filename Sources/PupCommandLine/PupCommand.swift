internal import Glibc

/// The whole of `pup`: finds the command, prints help, turns wrong usage into exit code 64.
package enum PupCommand {
  static let commands: [CommandSpecification] =
    [
      InitCommand.specification, AppendCommand.specification, RemoveCommand.specification, CheckCommand.specification,
      RunCommand.specification, StatusCommand.specification, ListCommand.specification,
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
    "ps": "status", "info": "status", "delete": "remove", "del": "remove", "rm": "remove",
    "add": "append", "log": "logs", "tail": "logs", "watch": "monitor", "kill": "stop", "quit": "terminate",
    "shutdown": "terminate", "reload": "restart", "validate": "check", "explain": "why",
  ]

  package static func run(_ words: [String]) -> Int32 {
    fillStandardDescriptors()
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let code = dispatch(words)
    guard let reason = Terminal.outputProblem.reason else { return code }
    Terminal.complain("pup: standard output: \(reason); what was to be said there is incomplete")
    return code == 0 ? outputExit : code
  }

  /// Where 0, 1 or 2 is closed, the next file that is opened would get its number, and what is meant for the terminal would be
  /// written into it.
  private static func fillStandardDescriptors() {
    var number: Int32
    repeat { number = open("/dev/null", O_RDWR) } while (0...2).contains(number)
    if number > 2 { close(number) }
  }

  private static func dispatch(_ words: [String]) -> Int32 {
    let words = Array(words.dropFirst())
    if let word = notText {
      Terminal.complain("pup: '\(word)' holds bytes that are not UTF-8; Pup takes text only: rename what it names, or convert it")
      return usageExit
    }
    switch words.first {
    // As the original does; nothing was asked for, so nothing went wrong.
    case nil: return help([])
    case "help", "-h", "--help": return help(Array(words.dropFirst()))
    case "__complete": return CompletionCommand.complete(Array(words.dropFirst()))
    case "-v", "-V", "--version": return execute(VersionCommand.specification, [])
    default: break
    }
    let split = LeadingOptions(words, commands: commands)
    guard let name = split.command else {
      if split.arguments.contains("--help") || split.arguments.contains("-h") { return help([]) }
      Terminal.complain("pup: no command is named; see: pup help")
      return usageExit
    }
    if name == "help" { return help([]) }
    guard let command = find(name) else {
      Terminal.complain("pup: '\(name)' is not a command\(suggestion(for: name)); see: pup help")
      return usageExit
    }
    return execute(command, split.arguments)
  }

  /// The first argument that is not UTF-8: it has come with replacement characters, and would name something else.
  private static var notText: String? {
    for index in 0..<Int(CommandLine.argc) {
      guard let word = CommandLine.unsafeArgv[index], String(validatingCString: word) == nil else { continue }
      return String(cString: word)
    }
    return nil
  }

  private static func execute(_ command: CommandSpecification, _ words: [String]) -> Int32 {
    let choice: CommandChoice
    do throws(UsageError) { choice = try CommandChoice(command, words) } catch {
      return complain(error, command.name, command)
    }
    guard !choice.isHelpWanted, let run = choice.command.run else {
      Terminal.print(choice.command.help(choice.path))
      return 0
    }
    do throws(UsageError) {
      return try run(try ParsedArguments(choice.words, options: choice.command.options))
    } catch {
      return complain(error, choice.path, choice.command)
    }
  }

  private static func complain(_ error: UsageError, _ path: String, _ command: CommandSpecification) -> Int32 {
    Terminal.complain("pup \(path): \(error.message)\nUsage: \(command.synopsis(path))\nMore: pup help \(path)")
    return usageExit
  }

  private static func help(_ words: [String]) -> Int32 {
    guard let name = words.first, name != "help" else {
      Terminal.print(overview)
      return 0
    }
    guard let (path, command) = CommandChoice.named(words, among: commands) else {
      let isKnown = find(name) != nil
      Terminal.complain(
        isKnown
          ? "pup: there is no command '\(words.joined(separator: " "))'; see: pup help \(name)"
          : "pup: there is no command '\(name)'\(suggestion(for: name)); see: pup help")
      return usageExit
    }
    Terminal.print(command.help(path))
    return 0
  }

  private static func find(_ name: String) -> CommandSpecification? {
    commands.first { $0.isNamed(name) }
  }

  /// " (did you mean 'logs'?)" for a name that is a slip or two away, or the beginning of one.
  static func suggestion(for name: String) -> String {
    let nearest = otherNames[name.lowercased()] ?? NearestCommand.find(name, among: commands)
    return nearest.map { " (did you mean '\($0)'?)" } ?? ""
  }

  private static var overview: String {
    let list = CommandSpecification.list(commands, and: [("help", "Explain a command.")])
    return """
      Pup starts your programs, keeps them alive and logs what they write.

      Usage: pup COMMAND [OPTIONS]

      Commands:
      \(list)
      pup help COMMAND explains one of them.

      """
  }
}
