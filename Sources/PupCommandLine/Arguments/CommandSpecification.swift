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
  /// `--id` names a process that is being made, not one that is there.
  var describesProcess = false
  /// What its first word can be, where that is one of a few.
  var words: [String] = []
  /// For programs, not listed.
  var isHidden = false
  /// Returns the exit code.
  var run: @Sendable (ParsedArguments) throws(UsageError) -> Int32

  private static let helpWidth = 100

  var help: String {
    var text = "\(summary)\n\nUsage: pup \(name) \(usage)\n"
    if !description.isEmpty { text += "\n\(description.wrapped(to: Self.helpWidth))\n" }
    if !options.isEmpty {
      text += "\nOptions:\n"
      let width = options.map { $0.synopsis.count }.max() ?? 0
      for option in options {
        text += "  \(option.synopsis.padded(to: width))  \(option.help)\n"
      }
    }
    if !examples.isEmpty {
      text += "\nExamples:\n"
      for example in examples { text += "  \(example.command)\n      \(example.meaning)\n" }
    }
    return text
  }
}

extension String {
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
