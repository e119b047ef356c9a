internal import PupAPI
internal import PupRestClient
internal import PupSystem

enum WhyCommand {
  static let specification = CommandSpecification(
    name: "why", summary: "Explain a process's state: its cause, and what happens next.", usage: "NAME… [-n COUNT] [--json]",
    description: """
      Ends with the last transitions of each process, with who or what caused them and how the run ended. Names may have wildcards (* ? [a-z], in
      quotes); all means every process.
      """,
    options: Location.options + [
      OptionSpecification("lines", "n", value: "COUNT", help: "how many transitions to show (1 to 1000, default 5)"),
      OptionSpecification("json", help: "print an object with status and history; an array where several are asked for"),
    ],
    examples: [("pup why web", "why does web run, or not?"), ("pup why web 'worker-*'", "several")],
    takesProcesses: true, takesAll: true,
    run: { arguments throws(UsageError) in
      let names = arguments.names
      guard !names.isEmpty else { throw UsageError(message: "name a process: pup why NAME") }
      let count = try arguments.integer("lines", in: 1...1000) ?? 5
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let client = try Instance.find(arguments).client
        let processes = try AsyncWork.run { () async throws(PupError) in try await client.getProcesses().map(\.status) }
        let explained = try subjects(names, of: processes)
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
        let isSeveral = names.count > 1 || isPattern(names[0])
        if arguments.has("json") {
          let objects = zip(explained, histories).map { json($0, $1) }
          Terminal.print(isSeveral ? "[\(objects.joined(separator: ","))]\n" : objects.joined() + "\n")
        } else {
          var screen = ScreenText(colours: Terminal.hasColours)
          for (process, history) in zip(explained, histories) {
            if !screen.bytes.isEmpty { screen.add("\n") }
            screen.add(text(process, history))
          }
          Terminal.write(screen)
        }
        return 0
      }
    })

  private static func isPattern(_ name: String) -> Bool { ProcessSelection.isGlob(name) || name.lowercased() == "all" }

  /// A name means one process or cluster, a pattern each that fits; each once, in the order of the listing.
  static func subjects(_ names: [String], of processes: [ProcessInformation]) throws(CommandFailure) -> [ProcessInformation] {
    // Each of them has to be there.
    _ = try ProcessSelection(names).of(processes)
    let patterns = names.filter(isPattern)
    let fitting = patterns.isEmpty ? [] : Set(try ProcessSelection(patterns).of(processes).map(\.id))
    let plain = Set(names.map { $0.lowercased() })
    return processes.filter { fitting.contains($0.id) || plain.contains($0.id.lowercased()) }
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
  ) -> ScreenText {
    var text = ScreenText(colours: Terminal.hasColours)
    text.add("\(process.id): \(process.explanation ?? process.status.word)".visibleLine + "\n")
    func line(_ label: String, _ value: String?) {
      if let value { text.add("  \(label.padded(to: 8)) \(value)".visibleLine + "\n") }
    }
    func moment(_ date: ISODate) -> String { "\(date.text) (\(Measures.relative(date, to: now)))" }
    let cause = history.last { $0.processId == process.id && $0.new == process.status }
    line("state", process.status.word + (process.blocked ? ", blocked" : "") + (process.pid.map { ", pid \($0)" } ?? ""))
    line("since", cause.map { moment($0.time) })
    line("by", cause.map { $0.actor + (Self.saysSame($0.cause, process.explanation) ? "" : ": \($0.cause)") })
    line("start", process.nextStart.map(moment))
    line("end", process.nextTerminate.map(moment))
    line("members", process.members?.joined(separator: ", "))
    line("strays", process.strays.map(Self.words))
    guard !history.isEmpty else { return text }
    var table = HistoryTable(entries: history, namesProcesses: process.type == .cluster)
    if let explanation = process.explanation { table.told = [process.id: explanation] }
    text.add("\n")
    text.add(table.rendered(width: Terminal.width, colours: Terminal.hasColours))
    return text
  }

  private static func words(_ strays: [StrayProcess]) -> String {
    let named = strays.prefix(5).map { "pid \($0.pid) (\($0.name))" }.joined(separator: ", ")
    let isOne = strays.count == 1
    return
      "\(named)\(strays.count > 5 ? " and \(strays.count - 5) more" : "") \(isOne ? "has" : "have") left its cgroup, and \(isOne ? "ends" : "end") with the run"
  }

  /// What comes next ("; restarts in 3 s") has moved on since then.
  private static func saysSame(_ cause: String, _ explanation: String?) -> Bool {
    cause.isEmpty || cause.prefix { $0 != ";" } == explanation?.prefix { $0 != ";" }
  }
}
