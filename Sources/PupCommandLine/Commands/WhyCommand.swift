internal import PupAPI
internal import PupRestClient
internal import PupSystem

enum WhyCommand {
  static let specification = CommandSpecification(
    name: "why", summary: "Explain a process's state: its cause, and what happens next.", usage: "NAME [-n COUNT] [--json]",
    description: "Ends with the last transitions, each with who or what caused it and how the run ended.",
    options: Location.options + [
      OptionSpecification("lines", "n", value: "COUNT", help: "so many transitions (1 to 1000, default 5)"),
      OptionSpecification("json", help: "print an object with status and history"),
    ],
    examples: [("pup why web", "why does web run, or not?")],
    takesProcesses: true,
    run: { arguments throws(UsageError) in
      try arguments.refuseRest()
      guard arguments.positional.count == 1 else { throw UsageError(message: "name one process: pup why NAME") }
      let id = arguments.positional[0]
      let count = try arguments.integer("lines", in: 1...1000) ?? 5
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let client = try Instance.find(arguments).client
        let processes = try AsyncWork.run { () async throws(PupError) in try await client.getProcesses().map(\.status) }
        let chosen = try ProcessSelection([id]).of(processes)
        guard let process = chosen.first else { return 0 }
        let ids = chosen.filter { $0.type != .cluster }.map(\.id)
        let history = try AsyncWork.run { () async throws(PupError) in
          var entries: [HistoryEntry] = []
          for id in ids { entries += try await client.getHistory(id, limit: count) }
          return Array(entries.inOrderOfTime.suffix(count))
        }
        Terminal.print(arguments.has("json") ? json(process, history) : text(process, history))
        return 0
      }
    })

  private static func json(_ process: ProcessInformation, _ history: [HistoryEntry]) -> String {
    var writer = JSONWriter()
    writer.object {
      $0.member("status", process)
      $0.member("history", history)
    }
    return writer.text + "\n"
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
    line("by", cause.map { $0.actor + ($0.cause.isEmpty || $0.cause == process.explanation ? "" : ": \($0.cause)") })
    line("start", process.nextStart.map(moment))
    line("end", process.nextTerminate.map(moment))
    line("members", process.members?.joined(separator: ", "))
    guard !history.isEmpty else { return text }
    let table = HistoryTable(entries: history, namesProcesses: process.type == .cluster)
    return text + "\n" + table.rendered(width: Terminal.width, colours: Terminal.hasColours)
  }
}
