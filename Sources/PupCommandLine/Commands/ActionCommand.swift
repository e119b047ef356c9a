internal import PupAPI
internal import PupInstance

/// `start`, `stop`, `restart`, `block` and `unblock`.
enum ActionCommand {
  static let specifications = ProcessAction.allCases.map(specification)

  private static func specification(_ action: ProcessAction) -> CommandSpecification {
    CommandSpecification(
      name: action.rawValue, summary: action.summary, usage: "NAME… | all [--no-wait] [--timeout TIME]",
      description: """
        \(action.description)

        Names may have wildcards (* ? [a-z]), in quotes; a cluster's name means all its members. The command waits until it is done and says
        what happened to each process. A start is done once the program runs; one that fails within the next 100 ms has not succeeded.
        Ctrl-C ends the waiting, not the action.

        What was done is remembered across restarts of Pup. Where that cannot be written (a full disk), the line says so ("this is not on disk
        yet"), and the exit code is still that of the action.

        Exit codes: 0 it is done, 1 it was refused or failed, 66 no such process, 69 nothing runs here, 75 it is not done yet.
        """,
      options: Location.options + [
        OptionSpecification("id", "I", value: "NAME", repeats: true, help: "the same as naming it after the command"),
        OptionSpecification("no-wait", help: "return as soon as it is accepted"),
        OptionSpecification("timeout", value: "TIME", help: "wait at most this long: 1 to 300 seconds, or 5m (default 60)"),
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
        let timeout = try arguments.seconds("timeout", in: 1...300) ?? 60
        let wait: Int? = arguments.has("no-wait") ? nil : timeout
        return CommandFailure.exitCode { () throws(CommandFailure) in
          let location = try CommandFailure.instance { () throws(InstanceError) in try Location.ofInstance(arguments) }
          let instance: Instance
          do throws(CommandFailure) {
            instance = try Instance.find(location)
          } catch {
            throw hinting(error, action, names)
          }
          let work = ActionWork(
            client: instance.client, keeper: instance.keeper, action: action, wait: wait,
            showsProgress: Terminal.showsProgress && !arguments.has("json"))
          let outcomes: [ActionOutcome]
          do throws(CommandFailure) {
            outcomes = try work.run(ProcessSelection(names))
          } catch {
            throw hinting(ConfigurationDrift(location)?.explaining(error, names) ?? error, action, names)
          }
          report(outcomes, asJSON: arguments.has("json"))
          // What was started is what Pup knows, not what stands in the file now.
          if action == .start || action == .restart, let sentence = ConfigurationDrift(location)?.sentence {
            Terminal.complain("pup: \(sentence)")
          }
          return outcomes.map(\.exitCode).max { severity($0) < severity($1) } ?? 0
        }
      })
  }

  /// `pup start app.js`: a program that is no process yet.
  private static func hinting(_ failure: CommandFailure, _ action: ProcessAction, _ names: [String]) -> CommandFailure {
    guard action == .start || action == .restart, [CommandFailure.unknownProcess, 69].contains(failure.code),
      let command = ProgramHint.command(for: names)
    else { return failure }
    return CommandFailure(failure.code, "\(failure.message); to run the program: \(command)")
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
    case .stop: "Stop processes; they stay down until they are started."
    case .restart: "Restart processes; those that are down are started."
    case .block: "Refuse every start of processes; what runs keeps running."
    case .unblock: "Allow starts again."
    }
  }

  fileprivate var description: String {
    switch self {
    case .start: "Starts what does not run. A blocked process is refused: unblock it first."
    case .stop:
      "Ends what runs, SIGTERM first, SIGKILL at the process's own deadline. The restart policy does not apply, even after Pup has been restarted."
    case .restart: "Stops what runs and starts it again; starts what does not run. The restart counter begins anew."
    case .block:
      "Nothing starts them, whatever the cause, until `pup unblock`. What runs keeps running until it ends or is stopped."
    case .unblock: "Removes a block. What should be running is started by its own policy or schedule."
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
