internal import PupAPI

/// Processes as `pup status` shows them.
struct StatusTable {
  private static let columns = [
    Table.Column(title: "PROCESS"), Table.Column(title: "STATE"), Table.Column(title: "PID", isNumber: true),
    Table.Column(title: "UPTIME", isNumber: true), Table.Column(title: "RESTARTS", isNumber: true),
    Table.Column(title: "CPU", isNumber: true), Table.Column(title: "MEMORY", isNumber: true), Table.Column(title: "NEXT"),
    Table.Column(title: "BLOCKED"), Table.Column(title: "WHY"),
  ]

  let processes: [ProcessInformation]
  let now: ISODate
  /// For people: members stand indented below their cluster, times are told from now.
  let isForTerminal: Bool

  func rendered(width: Int?, colours: Bool) -> String {
    var table = Table(Self.columns)
    for (process, isMember) in ordered { table.add(row(process, isMember)) }
    return table.rendered(width: width, colours: colours)
  }

  /// "5 processes: 3 running, 1 finished, 1 failed"
  var summary: String {
    let leaves = processes.filter { $0.type != .cluster }
    let order: [APIProcessState] = [.running, .starting, .stopping, .finished, .created, .errored, .exhausted]
    let counts = order.compactMap { state -> String? in
      let count = leaves.count { $0.status == state }
      return count == 0 ? nil : "\(count) \(state.word)"
    }
    let blocked = leaves.count(where: \.blocked)
    let parts = counts + (blocked > 0 ? ["\(blocked) blocked"] : [])
    return "\(leaves.count) process\(leaves.count == 1 ? "" : "es")\(parts.isEmpty ? "" : ": ")\(parts.joined(separator: ", "))"
  }

  /// Each cluster, then its members.
  private var ordered: [(ProcessInformation, isMember: Bool)] {
    let clusters = Set(processes.lazy.filter { $0.type == .cluster }.map(\.id))
    let members = Dictionary(grouping: processes.filter { $0.cluster != nil }) { $0.cluster ?? "" }
    return processes.flatMap { process -> [(ProcessInformation, isMember: Bool)] in
      if let cluster = process.cluster, clusters.contains(cluster) { return [] }
      return [(process, false)] + (process.type == .cluster ? (members[process.id] ?? []).map { ($0, true) } : [])
    }
  }

  private func row(_ process: ProcessInformation, _ isMember: Bool) -> [Table.Cell] {
    let runs = process.status == .running || process.status == .starting || process.status == .stopping
    let uptime = process.started.flatMap { started in
      runs && process.type != .cluster ? Measures.duration(seconds: (now.microseconds - started.microseconds) / 1_000_000) : nil
    }
    let next = process.nextStart ?? process.nextTerminate
    return [
      Table.Cell((isMember && isForTerminal ? "  " : "") + process.id),
      Table.Cell(process.status.word, colour: Self.colour(of: process.status)),
      Table.Cell(runs ? process.pid.map(String.init) ?? "-" : "-"), Table.Cell(uptime ?? "-"),
      Table.Cell(String(process.restarts)), Table.Cell(process.resources.map { Measures.percent($0.cpuPercent) } ?? "-"),
      Table.Cell(process.resources.map { Measures.bytes($0.memory) } ?? "-"),
      Table.Cell(next.map { isForTerminal ? Measures.relative($0, to: now) : $0.text } ?? "-"),
      Table.Cell(process.blocked ? "yes" : "-", colour: process.blocked ? 33 : nil),
      Table.Cell(process.explanation?.replacingControls ?? "-", colour: 90),
    ]
  }

  static func colour(of state: APIProcessState) -> Int? {
    switch state {
    case .running: 32
    case .errored, .exhausted: 31
    case .starting, .stopping, .mixed: 33
    case .created, .finished: nil
    }
  }
}

extension String {
  /// What a terminal would act on is shown as U+FFFD: texts come from programs and configurations.
  var replacingControls: String {
    guard utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      result.unicodeScalars.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : scalar)
    }
    return result
  }
}
