internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem

enum StatusCommand {
  static let specification = CommandSpecification(
    name: "status", summary: "Show the processes and their states.", usage: "[NAME…] [--json] [--watch]",
    description: """
      One line for each process: state, process id, time since its start, restarts, what its whole tree uses of processor and memory, its
      next scheduled start (or end), whether it is blocked, and why it is in this state. A cluster is shown with its members. Names may
      have wildcards (* ? [a-z]), in quotes. On a terminal, lines above say where Pup is reached, what it was made of, and whether the
      file on disk has changed since (elsewhere that is reported on standard error; in JSON: inFile and fileDiffers).
      When Pup is in safe mode, a line on standard error says since when, why, and how it ends; with --json, each process has a
      member "safeMode".

      With --watch: j, k, arrows and Page Up/Down scroll, c, m, n and r sort by processor, memory, name and restarts, l is the order of
      the configuration, q ends it.

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
        let location = try CommandFailure.instance { () throws(InstanceError) in try Location.ofInstance(arguments) }
        let instance = try Instance.find(location)
        let view = View(selection: ProcessSelection(arguments.names), isJSON: arguments.has("json"))
        if arguments.has("watch") { return try StatusWatch(instance: instance, location: location, view: view).run() }
        var snapshot = try AsyncWork.run { () async throws(PupError) in try await StatusSnapshot.take(instance, location) }
        do throws(CommandFailure) {
          snapshot.processes = try view.selection.of(snapshot.processes)
        } catch {
          throw snapshot.header.drift?.explaining(error, view.selection.patterns) ?? error
        }
        view.print(snapshot)
        return 0
      }
    })

  /// What of the processes is shown, and how.
  struct View: Sendable {
    let selection: ProcessSelection
    let isJSON: Bool

    /// People get what Pup says about itself as well; programs the table or the array alone.
    func print(_ snapshot: StatusSnapshot) {
      if isJSON {
        Terminal.write(json(snapshot))
      } else {
        var text = ScreenText(colours: Terminal.hasColours)
        text.add(header(snapshot))
        text.add(table(snapshot))
        text.add(footer(snapshot))
        Terminal.write(text)
      }
      if let safeMode = snapshot.header.safeMode { Terminal.complain("pup: \(safeMode.text)") }
      // In a pipe the header is not there to say it.
      if !Terminal.isInteractive, let sentence = snapshot.header.drift?.sentence { Terminal.complain("pup: \(sentence)") }
    }

    func table(_ snapshot: StatusSnapshot, order: StatusTable.Order = .listed) -> ScreenText {
      table(of: snapshot.processes, order).rendered(width: Terminal.width, colours: Terminal.hasColours)
    }

    func header(_ snapshot: StatusSnapshot) -> ScreenText {
      var text = ScreenText(colours: Terminal.hasColours)
      if Terminal.isInteractive { text.add(snapshot.header.text(width: Terminal.width ?? 80, now: now)) }
      return text
    }

    /// The summary below the table; it may need several lines.
    func footer(_ snapshot: StatusSnapshot) -> String {
      guard Terminal.isInteractive else { return "" }
      return table(of: snapshot.processes).summary.wrapped(to: Terminal.width ?? 80) + "\n"
    }

    func json(_ snapshot: StatusSnapshot) -> ScreenText {
      let drift = snapshot.header.drift
      let objects = snapshot.processes.map { StatusJSON(process: $0, drift: drift, safeMode: snapshot.header.safeMode) }
      return ScreenText(objects.jsonText + "\n", isTerminal: Terminal.isInteractive)
    }

    private func table(of processes: [ProcessInformation], _ order: StatusTable.Order = .listed) -> StatusTable {
      StatusTable(processes: processes, now: now, isForTerminal: Terminal.isInteractive, order: order)
    }

    private var now: ISODate { ISODate(microseconds: Clock.wallMicroseconds) }
  }
}
