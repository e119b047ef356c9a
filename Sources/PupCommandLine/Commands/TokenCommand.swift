internal import Glibc
internal import PupAPI
internal import PupInstance
internal import PupSystem
internal import PupTokens

enum TokenCommand {
  static let specification = CommandSpecification(
    name: "token", summary: "Issue, list and revoke tokens for the REST interface.", usage: "COMMAND [OPTIONS]",
    description: """
      A revocation acts at once, on open streams too. All of it works whether or not Pup runs. The consumers cli, cli:*, telemetry-* and plugin:* are \
      Pup's own.
      """,
    options: [], examples: [], subcommands: [create, list, revoke, reinstate, rotateSecret], defaultSubcommand: create.name)

  private static let consumer = OptionSpecification(
    "consumer", value: "NAME", help: "who uses the token, or whose tokens to act on")

  private static let create = action(
    "create", "Issue a token.", usage: "--consumer NAME [--expire-in TIME] [--scope SCOPE]…",
    description: """
      The token is printed once, alone, and kept nowhere. Without --scope it may do everything. Scopes: \(TokenScope.words.joined(separator: ", ")), \
      and control:GLOB for the processes whose names match.
      """,
    options: [
      consumer,
      OptionSpecification(
        "expire-in", value: "TIME",
        help: "how long it is good: seconds, or 90m, 12h, 30d, and 60 s more for clocks that differ (default: it never expires)"),
      OptionSpecification(
        "scope", value: "SCOPE", repeats: true, words: TokenScope.words, help: "what it may do (may be given several times)"),
    ],
    examples: [
      ("pup token --consumer dashboard --expire-in 1d", "a token that may do everything, for a day"),
      ("pup token create --consumer deploy --scope 'control:web-*'", "one that starts and stops web-1, web-2 …"),
    ]
  ) { arguments throws(UsageError) in try .create(arguments) }

  private static let list = action(
    "list", "Show the tokens that were issued, and whether they are good.", usage: "[--json]",
    description: """
      A token is good, ending (its time is over, which clocks may see differently), expired, revoked, or void: made before the secret was changed, \
      and so refused for ever, also after a reinstatement of its consumer.
      """,
    examples: [("pup token list", "who has which token, and until when")]
  ) { arguments throws(UsageError) in try .list(arguments) }

  private static let revoke: CommandSpecification = {
    var command = action(
      "revoke", "End one token, or all tokens of a consumer.", usage: "ID  |  pup token revoke --consumer NAME",
      description: "A consumer whose tokens were revoked gets no new ones until it is reinstated.", options: [consumer],
      examples: [("pup token revoke --consumer dashboard", "end all tokens of dashboard")]
    ) { arguments throws(UsageError) in try .revoke(arguments) }
    command.takesTokens = true
    return command
  }()

  private static let reinstate = action(
    "reinstate", "Let a consumer have tokens again whose tokens were revoked.", usage: "--consumer NAME", options: [consumer],
    examples: [("pup token reinstate --consumer dashboard", "its tokens that are neither expired nor void are good again")]
  ) { arguments throws(UsageError) in try .reinstate(arguments) }

  private static let rotateSecret = action(
    "rotate-secret", "End every token that was ever made.", usage: "",
    description: "Those of the programs that run as well: they get new ones at their next start.",
    examples: [("pup token rotate-secret", "after the secret may have been read")]
  ) { arguments throws(UsageError) in try .rotateSecret(arguments) }

  /// Each has the options that say which instance is meant, and `--json`.
  private static func action(
    _ name: String, _ summary: String, usage: String, description: String = "", options: [OptionSpecification] = [],
    examples: [(command: String, meaning: String)],
    task: @escaping @Sendable (ParsedArguments) throws(UsageError) -> TokenTask
  ) -> CommandSpecification {
    CommandSpecification(
      name: name, summary: summary, usage: usage, description: description,
      options: Location.options + options + [OptionSpecification("json", help: "print JSON")], examples: examples,
      run: { arguments throws(UsageError) in
        try arguments.refuseRest()
        return run(try task(arguments), arguments)
      })
  }

  private static func run(_ task: TokenTask, _ arguments: ParsedArguments) -> Int32 {
    CommandFailure.exitCode { () throws(CommandFailure) in
      let location = try CommandFailure.instance { () throws(InstanceError) in try Location.ofInstance(arguments) }
      if Instance.runningPid(location) == nil {
        try Instance.checkOwner(location)
        if access(location.paths.databaseFile, F_OK) != 0 {
          try refuseNowhere(location)
          // Looking leaves nothing behind.
          if case .list = task {
            Terminal.print(arguments.has("json") ? "[]\n" : TokenTask.none)
            return 0
          }
        }
      }
      let book = try book(location)
      defer { book.close() }
      try task.run(book, asJSON: arguments.has("json"))
      return 0
    }
  }

  /// The Pup that runs, or its files, which no Pup uses until the book is closed. One that is just starting has the lock and no
  /// socket yet: it is waited for, for a moment.
  private static func book(_ location: Location, patience: Int64 = 3_000_000_000) throws(CommandFailure) -> any TokenBook {
    let deadline = Clock.monotonic + patience
    try CommandFailure.instance { () throws(InstanceError) in
      _ = try StorageFolders(
        location.paths, forRunning: false, configuration: location.configurationPath == nil ? nil : location.directory)
    }
    while true {
      let lock = try CommandFailure.instance { () throws(InstanceError) in try InstanceLock.acquireNow(location.paths) }
      if let lock {
        try CommandFailure.instance { () throws(InstanceError) in try OriginalPup.refuse(location.paths) }
        return try StoredTokenBook(location.paths, lock: lock)
      }
      do throws(CommandFailure) {
        return RunningTokenBook(client: try Instance.find(location, patience: 0).client)
      } catch {
        guard error.code == InstanceError.Kind.unavailable.rawValue else { throw error }
      }
      guard Clock.monotonic < deadline else {
        throw CommandFailure(
          InstanceError.Kind.unavailable.rawValue,
          "Pup is just starting here, or its interface is off (data in \(location.paths.data)); nothing was changed; try again, and see its log "
            + "if it stays so: pup logs --id core")
      }
      usleep(20_000)
    }
  }

  /// A token for a Pup that never ran, and that nothing here could run, is made in the wrong folder.
  private static func refuseNowhere(_ location: Location) throws(CommandFailure) {
    guard let path = location.configurationPath else {
      throw CommandFailure(
        66,
        "no pup.json or pup.jsonc in \(location.directory), and no Pup has run here; name the configuration with --config FILE")
    }
    guard let problem = location.configurationProblem else { return }
    throw CommandFailure(66, "\(path): \(problem), and no Pup has run with it; name the configuration with --config FILE")
  }
}
