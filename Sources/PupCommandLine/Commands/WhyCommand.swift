internal import PupAPI
internal import PupRestClient
internal import PupSystem

enum WhyCommand {
  static let specification = CommandSpecification(
    name: "why", summary: "Explain a process's state: its cause, and what happens next.", usage: "NAME [-n COUNT] [--json]",
    description: """
      Ends with the last transitions, each with who or what caused it and how the run ended. A name with wildcards (* ? [a-z], in quotes)
      explains each process that fits; --json prints an array then.
      """,
    options: Location.options + [
      OptionSpecification("lines", "n", value: "COUNT", help: "so many transitions (1 to 1000, default 5)"),
      OptionSpecification("json", help: "print an object with status and history"),
    ],
    examples: [("pup why web", "why does web run, or not?")],
    takesProcesses: true,
    run: { arguments throws(UsageError) in
      guard arguments.names.count == 1 else { throw UsageError(message: "name one process: pup why NAME") }
      let id = arguments.names[0]
      let count = try arguments.integer("lines", in: 1...1000) ?? 5
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let client = try Instance.find(arguments).client
        let processes = try AsyncWork.run { () async throws(PupError) in try await client.getProcesses().map(\.status) }
        let explained = subjects(id, try ProcessSelection([id]).of(processes))
        let histories = try AsyncWork.run { () async throws(PupError) in
          var histories: [[HistoryEntry]] = []
          for process in explained {
            var entries: [HistoryEntry] = []
            // A cluster has no history of its own: its members' is told.
            for id in process.members ?? [process.id] { entries += try await client.getHistory(id, limit: count) }
            histories.append(Array(entries.inOrderOfTime.suffix(count)))
          }
          return histories
        }
        let isSeveral = isPattern(id)
        if arguments.has("json") {
          let objects = zip(explained, histories).map { json($0, $1) }
          Terminal.print(isSeveral ? "[\(objects.joined(separator: ","))]\n" : objects.joined() + "\n")
        } else {
          Terminal.print(zip(explained, histories).map { text($0, $1) }.joined(separator: "\n"))
        }
        return 0
      }
    })

  private static func isPattern(_ name: String) -> Bool { ProcessSelection.isGlob(name) || name.lowercased() == "all" }

  /// A name means one process or cluster, a pattern each that fits.
  static func subjects(_ name: String, _ chosen: [ProcessInformation]) -> [ProcessInformation] {
    isPattern(name) ? chosen : chosen.filter { $0.id.lowercased() == name.lowercased() }
  }

  private static func json(_ process: ProcessInformation, _ history: [HistoryEntry]) -> String {
    var writer = JSONWriter()
    writer.object {
      $0.member("status", process)
      $0.member("history", history)
    }
    return writer.text
  }

  static func text(
    _ process: ProcessInformation, _ history: [HistoryEntry], now: ISODate = ISODate(microseconds: Clock.wallMicroseconds)
  ) -> String {
    var text = "\(process.id): \((process.explanation ?? process.status.word).replacingControls)\n"
    func line(_ label: String, _ value: String?) {
      if let value { text += "  \(label.padded(to: 8)) \(value.replacingControls)\n" }
    }
    func moment(_ date: ISODate) -> String { "\(date.text) (\(Measures.relative(date, to: now)))" }
    let cause = history.last { $0.processId == process.id && $0.new == process.status }
    line("state", process.status.word + (process.blocked ? ", blocked" : "") + (process.pid.map { ", pid \($0)" } ?? ""))
    line("since", cause.map { moment($0.time) })
    line("by", cause.map { $0.actor + (Self.saysSame($0.cause, process.explanation) ? "" : ": \($0.cause)") })
    line("start", process.nextStart.map(moment))
    line("end", process.nextTerminate.map(moment))
    line("members", process.members?.joined(separator: ", "))
    guard !history.isEmpty else { return text }
    var table = HistoryTable(entries: history, namesProcesses: process.type == .cluster)
    if let explanation = process.explanation { table.told = [process.id: explanation] }
    return text + "\n" + table.rendered(width: Terminal.width, colours: Terminal.hasColours)
  }

  /// What comes next ("; restarts in 3 s") has moved on since then.
  private static func saysSame(_ cause: String, _ explanation: String?) -> Bool {
    cause.isEmpty || cause.prefix { $0 != ";" } == explanation?.prefix { $0 != ";" }
  }
}
