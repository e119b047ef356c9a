/// Which command a command line means, and what is left for it.
struct CommandChoice {
  /// The names that lead to it: "token list".
  private(set) var path: String
  private(set) var command: CommandSpecification
  private(set) var words: [String]

  init(_ command: CommandSpecification, _ words: [String]) throws(UsageError) {
    (path, self.command, self.words) = (command.name, command, words)
    while !self.command.subcommands.isEmpty, try descend() {}
  }

  var isHelpWanted: Bool {
    let own = words.prefix { $0 != "--" }
    return own.contains("--help") || own.contains("-h")
  }

  /// - Returns: false where nothing below is meant: its help is wanted.
  private mutating func descend() throws(UsageError) -> Bool {
    let split = LeadingOptions(words, commands: command.subcommands)
    let wanted: CommandSpecification
    if let word = split.command {
      wanted = try Self.find(word, below: command, path)
      words = split.arguments
    } else if let name = command.defaultSubcommand, !isHelpWanted {
      wanted = try Self.find(name, below: command, path)
    } else if isHelpWanted {
      return false
    } else {
      throw UsageError(message: "name one of \(Self.names(command))")
    }
    try refuseOptionsOfOthers(wanted)
    path += " \(wanted.name)"
    command = wanted
    return true
  }

  /// An option that is known, but to another command beside this one.
  private func refuseOptionsOfOthers(_ wanted: CommandSpecification) throws(UsageError) {
    for word in words.prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
      let name = word.dropFirst(2).prefix { $0 != "=" }
      guard !wanted.allOptions.contains(where: { $0.name == name }) else { continue }
      guard let other = command.subcommands.first(where: { $0.allOptions.contains { $0.name == name } }) else { continue }
      throw UsageError(message: "--\(name) is for pup \(path) \(other.name)")
    }
  }

  private static func names(_ command: CommandSpecification) -> String {
    command.subcommands.filter { !$0.isHidden }.map(\.name).joined(separator: ", ")
  }

  private static func find(
    _ word: String, below command: CommandSpecification, _ path: String
  ) throws(UsageError) -> CommandSpecification {
    if let found = command.subcommands.first(where: { $0.isNamed(word) }) { return found }
    let nearest = NearestCommand.find(word, among: command.subcommands)
    throw UsageError(
      message: "'\(word)' is none of \(names(command))\(nearest.map { " (did you mean '\($0)'?)" } ?? "")")
  }

  /// `pup help token list`.
  static func named(_ names: [String], among commands: [CommandSpecification]) -> (path: String, command: CommandSpecification)? {
    guard let first = names.first, var command = commands.first(where: { $0.isNamed(first) }) else { return nil }
    var path = command.name
    for name in names.dropFirst() {
      guard let next = command.subcommands.first(where: { $0.isNamed(name) }) else { return nil }
      command = next
      path += " \(next.name)"
    }
    return (path, command)
  }
}
