internal import PupAPI

/// `start`, `stop`, `restart`, `block` and `unblock`.
enum ActionCommand {
  static let specifications = ProcessAction.allCases.map(specification)

  private static func specification(_ action: ProcessAction) -> CommandSpecification {
    CommandSpecification(
      name: action.rawValue, summary: action.summary, usage: "NAME… | all [--no-wait] [--timeout SECONDS]",
      description: """
        \(action.description)

        Names may have wildcards (* ? [a-z]), in quotes; a cluster's name means all its members. The command waits until it is done and says
        what happened to each process. A start is done once the program runs; one that fails within the next 100 ms has not succeeded.
        Ctrl-C ends the waiting, not the action.

        Exit codes: 0 it is done, 1 it was refused or failed, 66 no such process, 69 nothing runs here, 75 it is not done yet.
        """,
      options: Location.options + [
        OptionSpecification("id", "I", value: "NAME", repeats: true, help: "the process, as the word behind the command"),
        OptionSpecification("no-wait", help: "return as soon as it is accepted"),
        OptionSpecification("timeout", value: "SECONDS", help: "wait at most so long (1 to 300, default 60)"),
        OptionSpecification("json", help: "print what happened as a JSON array"),
      ],
      examples: [
        ("pup \(action.rawValue) web", "\(action.rawValue) one process"),
        ("pup \(action.rawValue) 'worker-*' mailer", "several"), ("pup \(action.rawValue) all", "every process"),
      ],
      takesProcesses: true, takesAll: true,
      run: { arguments throws(UsageError) in
        let names = arguments.all("id") + arguments.names
        guard !names.isEmpty else { throw UsageError(message: "name a process, or: pup \(action.rawValue) all") }
        let timeout = try arguments.integer("timeout", in: 1...300) ?? 60
        let wait: Int? = arguments.has("no-wait") ? nil : timeout
        return CommandFailure.exitCode { () throws(CommandFailure) in
          let instance = try Instance.find(arguments)
          let work = ActionWork(
            client: instance.client, action: action, wait: wait, showsProgress: Terminal.showsProgress && !arguments.has("json"))
          let outcomes = try work.run(ProcessSelection(names))
          report(outcomes, asJSON: arguments.has("json"))
          return outcomes.map(\.exitCode).max { severity($0) < severity($1) } ?? 0
        }
      })
  }

  private static func report(_ outcomes: [ActionOutcome], asJSON: Bool) {
    if asJSON { return Terminal.print(outcomes.jsonText + "\n") }
    if outcomes.isEmpty { Terminal.print("there are no processes\n") }
    for outcome in outcomes {
      if outcome.exitCode == 0 { Terminal.print(outcome.line + "\n") } else { Terminal.complain(outcome.line) }
    }
  }

  /// A refusal is worse than what is only late.
  private static func severity(_ code: Int32) -> Int {
    switch code {
    case 0: 0
    case CommandFailure.stillPending: 1
    case CommandFailure.notDone: 2
    default: 3
    }
  }
}

extension ProcessAction {
  fileprivate var summary: String {
    switch self {
    case .start: "Start processes."
    case .stop: "Stop processes; they stay down until somebody starts them."
    case .restart: "Restart processes; those that are down are started."
    case .block: "Refuse every start of processes; what runs goes on."
    case .unblock: "Allow starts again."
    }
  }

  fileprivate var description: String {
    switch self {
    case .start: "Starts what does not run. A blocked process is refused: unblock it first."
    case .stop:
      "Ends what runs, SIGTERM first, SIGKILL at the process's own deadline. The restart policy does not apply, also after Pup's restart."
    case .restart: "Stops what runs and starts it again; starts what does not run. The restart counter begins anew."
    case .block: "No start happens, by whatever cause, until `pup unblock`. What runs goes on, until it ends or is stopped."
    case .unblock: "Takes a block back. What is meant to run is started by its own policy or schedule."
    }
  }

  /// "started", for one that is done.
  var participle: String {
    switch self {
    case .start: "started"
    case .stop: "stopped"
    case .restart: "restarted"
    case .block: "blocked"
    case .unblock: "unblocked"
    }
  }
}
