/// What the shell wants to know: the words behind `pup` up to the cursor, the last one begun or empty.
struct CompletionRequest {
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  enum Answer: Equatable {
    /// The shell knows its files best.
    case files
    case directories
    case words([Candidate])
  }

  struct Candidate: Equatable {
    var word: String
    var meaning = ""
  }

  let commands: [CommandSpecification]
  /// The ids of the processes that the options on the line are about; asked for only where they are needed.
  let processes: ([String]) -> [String]
  /// The tokens that were issued, in the same way.
  var tokens: ([String]) -> [(id: String, consumer: String)] = { _ in [] }

  func answer(to words: [String]) -> Answer {
    guard let name = words.first, words.count > 1 else { return .words(filtered(commandNames, words.first ?? "")) }
    let rest = Array(words.dropFirst())
    if name == "help" { return .words(filtered(helpNames(Array(rest.dropLast())), rest.last ?? "")) }
    guard let command = commands.first(where: { $0.isNamed(name) }) else { return .words([]) }
    if rest.dropLast().contains("--") { return .files }
    return answer(command, rest)
  }

  /// For a command that has others below it: their names, or what is to be said to the one that is meant.
  private func answer(below command: CommandSpecification, _ words: [String]) -> Answer {
    let (before, current) = (Array(words.dropLast()), words.last ?? "")
    let named = LeadingOptions(before, commands: command.subcommands)
    if let name = named.command {
      guard let next = command.subcommands.first(where: { $0.isNamed(name) }) else { return .words([]) }
      return answer(next, named.arguments + [current])
    }
    let usual = command.subcommands.first { $0.name == command.defaultSubcommand }
    if current.hasPrefix("-") || before.last?.hasPrefix("-") == true, let usual {
      let answer = answer(usual, words)
      if current.hasPrefix("-") || answer != .words([]) { return answer }
    }
    return .words(filtered(Self.names(of: command.subcommands), current))
  }

  private static func names(of commands: [CommandSpecification]) -> [Candidate] {
    commands.filter { !$0.isHidden }.map { Candidate(word: $0.name, meaning: $0.summary) }
  }

  private func answer(_ command: CommandSpecification, _ words: [String]) -> Answer {
    if !command.subcommands.isEmpty { return answer(below: command, words) }
    var (before, current) = (Array(words.dropLast()), words.last ?? "")
    // bash takes "--config=x" apart at the "=".
    if current == "=" {
      current = ""
    } else if before.last == "=" {
      before.removeLast()
    }
    if let option = option(before.last, of: command), option.value != nil {
      return value(of: option, command, before, current, prefix: "")
    }
    if current.hasPrefix("--"), let equals = current.firstIndex(of: "="),
      let option = option(String(current[..<equals]), of: command)
    {
      let start = current.index(after: equals)
      return value(of: option, command, before, String(current[start...]), prefix: String(current[..<start]))
    }
    if current.hasPrefix("-") { return .words(filtered(options(of: command, without: before), current)) }
    let given = positional(before, command)
    if command.takesTokens, given.isEmpty { return .words(filtered(tokenIDs(before), current)) }
    if !command.words.isEmpty { return .words(filtered(given.isEmpty ? command.words.map { Candidate(word: $0) } : [], current)) }
    guard command.takesProcesses else { return .words([]) }
    return .words(names(before, current, of: command, without: Set(given)))
  }

  // MARK: - Values

  private func value(
    of option: OptionSpecification, _ command: CommandSpecification, _ before: [String], _ current: String, prefix: String
  ) -> Answer {
    if !option.words.isEmpty { return .words(filtered(option.words.map { Candidate(word: $0) }, current, prefix)) }
    switch option.value {
    case "FILE", "PATH", "SCRIPT": return .files
    case "DIR": return .directories
    case "NAME" where option.name == "id" && !command.describesProcess:
      return .words(filtered(processes(before).map { Candidate(word: $0) } + Self.core(command), current, prefix))
    case "NAME" where option.name == "consumer":
      return .words(filtered(consumers(before), current, prefix))
    default: return .words([])
    }
  }

  private func names(
    _ before: [String], _ current: String, of command: CommandSpecification, without given: Set<String>
  ) -> [Candidate] {
    let ids = processes(before).map { Candidate(word: $0) } + Self.core(command)
    let all = command.takesAll && given.isEmpty ? [Candidate(word: "all", meaning: "every process")] : []
    return filtered(ids.filter { !given.contains($0.word) } + all, current)
  }

  private static func core(_ command: CommandSpecification) -> [Candidate] {
    command.takesCore ? [Candidate(word: "core", meaning: "Pup itself")] : []
  }

  private func tokenIDs(_ before: [String]) -> [Candidate] {
    tokens(before).map { Candidate(word: $0.id, meaning: $0.consumer.visibleLine) }
  }

  /// Each once.
  private func consumers(_ before: [String]) -> [Candidate] {
    var seen: Set<String> = []
    return tokens(before).filter { seen.insert($0.consumer).inserted }.map { Candidate(word: $0.consumer) }
  }

  // MARK: - Words

  private var commandNames: [Candidate] {
    Self.names(of: commands) + [Candidate(word: "help", meaning: "Explain a command.")]
  }

  /// What may follow `pup help` and these words.
  private func helpNames(_ words: [String]) -> [Candidate] {
    words.isEmpty ? commandNames : Self.names(of: CommandChoice.named(words, among: commands)?.command.subcommands ?? [])
  }

  private func options(of command: CommandSpecification, without before: [String]) -> [Candidate] {
    command.options.filter { option in
      !option.isHidden && (option.repeats || !before.contains { $0 == "--\(option.name)" || $0 == option.short.map { "-\($0)" } })
    }.map { Candidate(word: "--\($0.name)", meaning: $0.help) } + [Candidate(word: "--help", meaning: "explain this command")]
  }

  private func option(_ word: String?, of command: CommandSpecification) -> OptionSpecification? {
    guard let word, word.hasPrefix("-") else { return nil }
    return command.options.first { "--\($0.name)" == word || $0.short.map { "-\($0)" } == word }
  }

  /// Words that are no options and no options' values.
  private func positional(_ words: [String], _ command: CommandSpecification) -> [String] {
    var found: [String] = []
    var isValue = false
    for word in words {
      if isValue {
        isValue = word == "="
      } else if word.hasPrefix("-") {
        isValue = option(word, of: command)?.value != nil
      } else {
        found.append(word)
      }
    }
    return found
  }

  private func filtered(_ candidates: [Candidate], _ current: String, _ prefix: String = "") -> [Candidate] {
    candidates.filter { $0.word.lowercased().hasPrefix(current.lowercased()) }
      .map { Candidate(word: prefix + $0.word, meaning: $0.meaning) }
  }
}
