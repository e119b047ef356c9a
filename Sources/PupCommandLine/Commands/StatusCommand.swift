internal import PupAPI
internal import PupRestClient
internal import PupSystem

enum StatusCommand {
  static let specification = CommandSpecification(
    name: "status", summary: "Show the processes and their states.", usage: "[NAME…] [--json] [--watch]",
    description: """
      One line for each process: state, process id, time since its start, restarts, what its whole tree uses of processor and memory, its
      next scheduled start (or end), whether it is blocked, and why it is in this state. A cluster is shown with its members. Names may
      have wildcards (* ? [a-z]), in quotes.

      Exit codes: 0, 66 no such process, 69 nothing runs here.
      """,
    options: Location.options + [
      OptionSpecification("json", help: "print a JSON array (with --watch one a line)"),
      OptionSpecification("watch", help: "show changes as they come, until q or Ctrl-C"),
    ],
    examples: [
      ("pup status", "all processes"), ("pup status 'web*'", "those whose names begin with web"),
      ("pup status --watch", "a table that follows what happens"), ("pup status --json", "for a program"),
    ],
    takesProcesses: true,
    run: { arguments throws(UsageError) in
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let instance = try Instance.find(arguments)
        let view = View(selection: ProcessSelection(arguments.names), isJSON: arguments.has("json"))
        if arguments.has("watch") { return try StatusWatch(instance: instance, view: view).run() }
        let processes = try AsyncWork.run { [client = instance.client] () async throws(PupError) in
          try await client.getProcesses().map(\.status)
        }
        Terminal.print(view.text(of: try view.selection.of(processes)))
        return 0
      }
    })

  /// What of the processes is shown, and how.
  struct View {
    let selection: ProcessSelection
    let isJSON: Bool

    func text(of processes: [ProcessInformation]) -> String {
      if isJSON { return processes.jsonText + "\n" }
      return table(processes).rendered(width: Terminal.width, colours: Terminal.hasColours) + footer(processes)
    }

    /// The summary below the table, for people; it may need several lines.
    func footer(_ processes: [ProcessInformation]) -> String {
      guard Terminal.isInteractive, !isJSON else { return "" }
      return table(processes).summary.wrapped(to: Terminal.width ?? 80) + "\n"
    }

    func table(_ processes: [ProcessInformation]) -> StatusTable {
      StatusTable(
        processes: processes, now: ISODate(microseconds: Clock.wallMicroseconds), isForTerminal: Terminal.isInteractive)
    }
  }
}
