internal import Glibc
internal import PupAPI
internal import PupInstance
internal import PupRestClient

enum HistoryCommand {
  static let specification = CommandSpecification(
    name: "history", summary: "Show what happened to the processes, and why.", usage: "[NAME…] [-n COUNT] [--json]",
    description: """
      Transitions from one state to another, oldest first, each with who or what caused it and how a run ended. Where nothing runs, the
      database is read. A process that left the configuration keeps its history; a name that is in neither of them is refused (exit code 66).
      """,
    options: Location.options + [
      OptionSpecification("id", "I", value: "NAME", repeats: true, help: "the same as naming it after the command"),
      OptionSpecification("lines", "n", value: "COUNT", help: "how many of the newest to show (1 to 1000, default 20)"),
      OptionSpecification("json", help: "print a JSON array"),
    ],
    examples: [("pup history", "the last 20 transitions"), ("pup history web -n 100", "those of one process")],
    takesProcesses: true,
    run: { arguments throws(UsageError) in
      let count = try arguments.integer("lines", in: 1...1000) ?? 20
      let names = arguments.all("id") + arguments.names
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let entries = try entries(arguments, ProcessSelection(names), count)
        if arguments.has("json") {
          Terminal.print(entries.jsonText + "\n")
        } else if entries.isEmpty {
          Terminal.print("nothing has happened\n")
        } else {
          Terminal.write(HistoryTable(entries: entries).rendered(width: Terminal.width, colours: Terminal.hasColours))
        }
        return 0
      }
    })

  private static func entries(
    _ arguments: ParsedArguments, _ selection: ProcessSelection, _ count: Int
  ) throws(CommandFailure) -> [HistoryEntry] {
    let location = try CommandFailure.instance { () throws(InstanceError) in try Location.ofInstance(arguments) }
    guard Instance.runningPid(location) != nil else {
      guard access(location.paths.databaseFile, R_OK) == 0 else { throw Instance.nothingRuns(location) }
      return try StoredInstance(location.paths).history(selection, count, known: KnownProcesses.configured(location))
    }
    let client = try Instance.find(location).client
    let processes = try AsyncWork.run { () async throws(PupError) in try await client.getProcesses().map(\.status) }
    // One that left the configuration may have a history.
    let strangers = selection.strangers(to: processes)
    let known = ProcessSelection(selection.patterns.filter { !strangers.contains($0) })
    let ids = known.patterns.isEmpty && !strangers.isEmpty ? [] : try known.leaves(of: processes).map(\.id)
    var entries = try AsyncWork.run { () async throws(PupError) in
      var entries: [HistoryEntry] = []
      for id in ids { entries += try await client.getHistory(id, limit: count) }
      return entries
    }
    for name in strangers {
      do throws(CommandFailure) {
        entries += try AsyncWork.run { () async throws(PupError) in try await client.getHistory(name, limit: count) }
      } catch  where [.unknownProcess, .notFound, .invalidParameter].map(CommandFailure.code).contains(error.code) {
        throw ProcessSelection.unknown(name, among: processes.map(\.id))
      }
    }
    return Array(entries.inOrderOfTime.suffix(count))
  }
}
