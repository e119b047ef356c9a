/// `pup --config FILE status`: options that stand before the command belong to it as well.
struct LeadingOptions {
  /// The command's name; nil where there is none.
  let command: String?
  /// Everything but the name.
  let arguments: [String]

  init(_ words: [String], commands: [CommandSpecification]) {
    var leading: [String] = []
    var rest = words[...]
    while let word = rest.first, word.hasPrefix("-"), word.count > 1, word != "--" {
      leading.append(word)
      rest = rest.dropFirst()
      guard Self.takesNextWord(word, commands), let value = rest.first else { continue }
      leading.append(value)
      rest = rest.dropFirst()
    }
    command = rest.first == "--" ? nil : rest.first
    arguments = leading + (command == nil ? rest : rest.dropFirst())
  }

  /// What an option means depends on the command, which is not known yet: one that takes a value in any of them does.
  private static func takesNextWord(_ word: String, _ commands: [CommandSpecification]) -> Bool {
    // "-n5", "--config=x"
    guard !word.contains("="), word.hasPrefix("--") || word.count == 2 else { return false }
    return (Location.options + commands.flatMap(\.allOptions)).contains { option in
      option.value != nil && (word == "--\(option.name)" || word == option.short.map { "-\($0)" })
    }
  }
}
