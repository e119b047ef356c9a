internal import Glibc
internal import PupAPI
internal import PupInstance
internal import PupSystem
internal import PupTokens

enum TokenCommand {
  static let actions = ["create", "list", "revoke", "reinstate", "rotate-secret"]

  static let specification = CommandSpecification(
    name: "token", summary: "Issue, list and revoke tokens for the REST interface.",
    usage: """
      [create] --consumer NAME [--expire-in SECONDS] [--scope SCOPE]…
             pup token list
             pup token revoke ID | --consumer NAME
             pup token reinstate --consumer NAME
             pup token rotate-secret
      """,
    description: """
      A new token is printed once, alone, and kept nowhere. Without --scope it may do everything. Scopes: \(TokenScope.words.joined(separator: ", ")),
      and control:GLOB for the processes whose names fit. A revocation acts at once, on open streams too. rotate-secret ends every
      token, those of the programs that run as well (they get new ones at their next start).

      All of it works whether or not Pup runs. The consumers cli, cli:*, telemetry-* and plugin:* are Pup's own.
      """,
    options: Location.options + [
      OptionSpecification("consumer", value: "NAME", help: "who uses the token, or whose tokens are meant"),
      OptionSpecification("expire-in", value: "SECONDS", help: "how long it is good (default: without an end)"),
      OptionSpecification(
        "scope", value: "SCOPE", repeats: true, words: TokenScope.words, help: "what it may do (may be given several times)"),
      OptionSpecification("json", help: "print JSON"),
    ],
    examples: [
      ("pup token --consumer dashboard --expire-in 86400", "a token that may do everything, for a day"),
      ("pup token create --consumer deploy --scope 'control:web-*'", "one that starts and stops web-1, web-2 …"),
      ("pup token revoke --consumer dashboard", "end all tokens of dashboard"),
    ],
    words: actions,
    run: { arguments throws(UsageError) in
      try arguments.refuseRest()
      let action = arguments.positional.first ?? "create"
      guard actions.contains(action) else {
        throw UsageError(message: "'\(action)' is none of \(actions.joined(separator: ", "))")
      }
      let task = try TokenTask(action, Array(arguments.positional.dropFirst()), arguments)
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let location = try CommandFailure.instance { () throws(InstanceError) in try Location(arguments) }
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
    })

  /// The Pup that runs, or its files, which no Pup uses until the book is closed. One that is just starting has the lock and no socket yet: it
  /// is waited for, for a moment.
  private static func book(_ location: Location, patience: Int64 = 3_000_000_000) throws(CommandFailure) -> any TokenBook {
    let deadline = Clock.monotonic + patience
    try CommandFailure.instance { () throws(InstanceError) in try location.paths.create(forRunning: false) }
    while true {
      let lock = try CommandFailure.instance { () throws(InstanceError) in try InstanceLock.acquireNow(location.paths) }
      if let lock { return try StoredTokenBook(location.paths, lock: lock) }
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
