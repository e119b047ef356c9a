internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupRestClient

enum CompletionCommand {
  static let specification = CommandSpecification(
    name: "completion", summary: "Print a script that completes commands, options and process names.", usage: "bash | zsh | fish",
    description: "The names are those of the Pup that runs, or of the configuration where none does.", options: [],
    examples: [
      ("source <(pup completion bash)", "for this bash"), ("pup completion zsh > \"${fpath[1]}/_pup\"", "for every zsh"),
      ("pup completion fish | source", "for this fish"),
    ],
    words: CompletionRequest.Shell.allCases.map(\.rawValue),
    run: { arguments throws(UsageError) in
      guard arguments.positional.count == 1, let shell = CompletionRequest.Shell(rawValue: arguments.positional[0]) else {
        throw UsageError(message: "name the shell: bash, zsh or fish")
      }
      Terminal.print(CompletionScript.text(shell))
      return 0
    })

  /// `pup __complete SHELL WORDS…`: the kind of answer on the first line, then one candidate a line, as the shell wants it.
  static func complete(_ words: [String]) -> Int32 {
    guard let shell = words.first.flatMap(CompletionRequest.Shell.init(rawValue:)) else { return 64 }
    let request = CompletionRequest(commands: PupCommand.commands, processes: processNames, tokens: tokens)
    Terminal.print(text(request.answer(to: Array(words.dropFirst())), shell))
    return 0
  }

  static func text(_ answer: CompletionRequest.Answer, _ shell: CompletionRequest.Shell) -> String {
    switch answer {
    case .files: "files\n"
    case .directories: "directories\n"
    case .words(let candidates): "words\n" + candidates.map { line($0, shell) + "\n" }.joined()
    }
  }

  private static func line(_ candidate: CompletionRequest.Candidate, _ shell: CompletionRequest.Shell) -> String {
    switch shell {
    case .bash: candidate.word
    case .zsh:
      candidate.word.split(separator: ":", omittingEmptySubsequences: false).joined(separator: "\\:")
        + (candidate.meaning.isEmpty ? "" : ":\(candidate.meaning)")
    case .fish: candidate.meaning.isEmpty ? candidate.word : "\(candidate.word)\t\(candidate.meaning)"
    }
  }

  // MARK: - Processes

  /// Quick and silent: somebody has pressed a key.
  private static func processNames(_ words: [String]) -> [String] {
    guard let location = location(words) else { return [] }
    guard let known = KnownProcesses.of(location) else { return [] }
    return known.clusters.keys.sorted() + known.ids
  }

  /// Of the Pup that runs.
  private static func tokens(_ words: [String]) -> [(id: String, consumer: String)] {
    guard let location = location(words), let client = try? Instance.find(location, options: .hurried, patience: 0).client,
      let tokens = try? RunningTokenBook(client: client).tokens()
    else { return [] }
    return tokens.map { ($0.id, $0.consumer) }
  }

  /// From the options on the line that say which instance is meant.
  private static func location(_ words: [String]) -> Location? {
    var own: [String] = []
    var isValue = false
    for word in words {
      let name = String(word.prefix { $0 != "=" })
      if isValue {
        if word == "=" { continue }
        own.append(word)
        isValue = false
      } else if Location.options.contains(where: { "--\($0.name)" == name || $0.short.map { "-\($0)" } == name }) {
        own.append(word)
        isValue = name == word
      }
    }
    if isValue { own.removeLast() }
    guard let arguments = try? ParsedArguments(own, options: Location.options) else { return nil }
    return try? Location.ofInstance(arguments)
  }
}
