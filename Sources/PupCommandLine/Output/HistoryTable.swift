internal import PupAPI

/// Transitions as `pup history` and `pup why` show them.
struct HistoryTable {
  let entries: [HistoryEntry]
  /// In `pup why` all are of one process.
  var namesProcesses = true
  /// By process: what stands above the table already.
  var told: [String: String] = [:]

  func rendered(width: Int?, colours: Bool) -> ScreenText {
    var table = Table(
      [Table.Column(title: "TIME")] + (namesProcesses ? [Table.Column(title: "PROCESS")] : []) + [
        Table.Column(title: "CHANGE"), Table.Column(title: "PID", isNumber: true), Table.Column(title: "EXIT"),
        Table.Column(title: "BY"), Table.Column(title: "WHY"),
      ])
    var told = told
    for entry in entries {
      let cause = told[entry.processId].map { RepeatedCause.shortened(entry.cause, after: $0) } ?? entry.cause
      if cause == entry.cause, cause.count >= RepeatedCause.least { told[entry.processId] = cause }
      let change = (entry.old.map { "\($0.word)->" } ?? "->") + entry.new.word
      table.add(
        [Table.Cell(entry.time.text)] + (namesProcesses ? [Table.Cell(entry.processId)] : []) + [
          Table.Cell(change, colour: StatusTable.colour(of: entry.new)), Table.Cell(entry.pid.map(String.init)),
          Table.Cell(entry.exitWords), Table.Cell(entry.actor), Table.Cell(cause),
        ])
    }
    return table.rendered(width: width, colours: colours)
  }
}

extension HistoryEntry {
  /// "0", "SIGKILL", "SIGKILL(oom)"; nil where no run ended.
  var exitWords: String? {
    let end = signal ?? code.map(String.init)
    return end.map { outOfMemory ? "\($0)(oom)" : $0 }
  }
}

extension [HistoryEntry] {
  /// Of several processes; those of one process and one moment stay in their order.
  var inOrderOfTime: [HistoryEntry] {
    enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }
}
