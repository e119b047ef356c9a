/// One command of `pup`: what it takes, what its help says, and what it does.
struct CommandSpecification: Sendable {
  var name: String
  var aliases: [String] = []
  var summary: String
  /// Behind the name: "[--config FILE]".
  var usage: String
  var description: String
  var options: [OptionSpecification]
  var examples: [(command: String, meaning: String)]
  /// Its words are processes' names, which the shell completes.
  var takesProcesses = false
  /// `all` is one of them.
  var takesAll = false
  /// `core`, Pup itself, is one of them.
  var takesCore = false
  /// `--id` names a process that is being made, not one that is there.
  var describesProcess = false
  /// What its first word can be, where that is one of a few.
  var words: [String] = []
  /// Its word is the id of a token.
  var takesTokens = false
  /// For programs, not listed.
  var isHidden = false
  /// Commands below this one (`pup token list`), which is nothing by itself then.
  var subcommands: [CommandSpecification] = []
  /// Which of them is meant where none is named.
  var defaultSubcommand: String?
  /// Returns the exit code. Nil for a command that has others below it.
  var run: (@Sendable (ParsedArguments) throws(UsageError) -> Int32)?

  private static let helpWidth = 100

  /// - Parameter path: the names that lead to it: "token list".
  func help(_ path: String) -> String {
    var text = "\(summary)\n\nUsage: \(synopsis(path))\n"
    if !description.isEmpty { text += "\n\(description.wrapped(to: Self.helpWidth))\n" }
    if !subcommands.isEmpty {
      text += "\nCommands:\n\(Self.list(subcommands))\n"
      if let defaultSubcommand { text += "Without one of them, \(defaultSubcommand) is meant. " }
      text += "pup help \(path) COMMAND explains one of them.\n"
    }
    let shown = options.filter { !$0.isHidden }
    if !shown.isEmpty {
      text += "\nOptions:\n"
      let width = shown.map { $0.synopsis.count }.max() ?? 0
      for option in shown {
        text += "  \(option.synopsis.padded(to: width))  \(option.help)\n"
      }
    }
    if !examples.isEmpty {
      text += "\nExamples:\n"
      for example in examples { text += "  \(example.command)\n      \(example.meaning)\n" }
    }
    return text
  }

  func synopsis(_ path: String) -> String { usage.isEmpty ? "pup \(path)" : "pup \(path) \(usage)" }

  /// Its own options, and those of the commands below it.
  var allOptions: [OptionSpecification] { options + subcommands.flatMap(\.allOptions) }

  func isNamed(_ word: String) -> Bool { name == word || aliases.contains(word) }

  /// One line for each.
  static func list(_ commands: [CommandSpecification], and more: [(name: String, summary: String)] = []) -> String {
    let rows = commands.filter { !$0.isHidden }.map { ($0.name, $0.summary) } + more
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { "  \($0.0.padded(to: width))  \($0.1)\n" }.joined()
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
