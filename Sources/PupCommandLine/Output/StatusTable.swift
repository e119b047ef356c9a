internal import PupAPI

/// Processes as `pup status` shows them.
struct StatusTable {
  enum Order: Character, Sendable {
    case cpu = "c"
    case memory = "m"
    case name = "n"
    case restarts = "r"
    /// As configured, each cluster above its members.
    case listed = "l"

    init?(key: Character) { self.init(rawValue: Character(key.lowercased())) }
  }

  private static let columns = [
    Table.Column(title: "PROCESS", canShrink: true), Table.Column(title: "STATE"), Table.Column(title: "PID", isNumber: true),
    Table.Column(title: "UPTIME", isNumber: true), Table.Column(title: "RESTARTS", isNumber: true),
    Table.Column(title: "CPU", isNumber: true), Table.Column(title: "MEMORY", isNumber: true), Table.Column(title: "NEXT"),
    Table.Column(title: "BLOCKED"), Table.Column(title: "WHY"),
  ]

  let processes: [ProcessInformation]
  let now: ISODate
  /// For people: members stand indented below their cluster, times are told from now.
  let isForTerminal: Bool
  var order = Order.listed

  func rendered(width: Int?, colours: Bool) -> ScreenText {
    var table = Table(Self.columns)
    for (process, isMember) in ordered { table.add(row(process, isMember)) }
    return table.rendered(width: width, colours: colours)
  }

  /// "5 processes: 3 running, 1 finished, 1 failed"
  var summary: String {
    let order: [APIProcessState] = [.running, .starting, .stopping, .finished, .created, .errored, .exhausted]
    let counts = order.compactMap { state -> String? in
      let count = leaves.count { $0.status == state }
      return count == 0 ? nil : "\(count) \(state.word)"
    }
    let blocked = leaves.count(where: \.blocked)
    let parts = counts + (blocked > 0 ? ["\(blocked) blocked"] : [])
    return "\(leaves.count) process\(leaves.count == 1 ? "" : "es")\(parts.isEmpty ? "" : ": ")\(parts.joined(separator: ", "))"
  }

  private var ordered: [(ProcessInformation, isMember: Bool)] {
    switch order {
    case .listed: listed
    case .cpu: sorted { $0.resources?.cpuPercent ?? -1 }
    case .memory: sorted { Double($0.resources?.memory ?? -1) }
    case .restarts: sorted { Double($0.restarts) }
    case .name: leaves.sorted { $0.id.lowercased() < $1.id.lowercased() }.map { ($0, false) }
    }
  }

  /// The largest first, one that is equal in the order of the list.
  private func sorted(_ value: (ProcessInformation) -> Double) -> [(ProcessInformation, isMember: Bool)] {
    leaves.enumerated().sorted { one, other in
      (-value(one.element), one.offset) < (-value(other.element), other.offset)
    }.map { ($0.element, false) }
  }

  /// A cluster has nothing of its own that could be sorted.
  private var leaves: [ProcessInformation] { processes.filter { $0.type != .cluster } }

  /// Each cluster, then its members.
  private var listed: [(ProcessInformation, isMember: Bool)] {
    let clusters = Set(processes.lazy.filter { $0.type == .cluster }.map(\.id))
    let members = Dictionary(grouping: processes.filter { $0.cluster != nil }) { $0.cluster ?? "" }
    return processes.flatMap { process -> [(ProcessInformation, isMember: Bool)] in
      if let cluster = process.cluster, clusters.contains(cluster) { return [] }
      return [(process, false)] + (process.type == .cluster ? (members[process.id] ?? []).map { ($0, true) } : [])
    }
  }

  private func row(_ process: ProcessInformation, _ isMember: Bool) -> [Table.Cell] {
    let runs = process.status == .running || process.status == .starting || process.status == .stopping
    // Until there is a pid, `started` is of the run before.
    let hasBegun = process.status == .running || runs && process.pid != nil
    let uptime = process.started.flatMap { started in
      hasBegun && process.type != .cluster
        ? Measures.duration(seconds: (now.microseconds - started.microseconds) / 1_000_000) : nil
    }
    let next = process.nextStart ?? process.nextTerminate
    return [
      Table.Cell((isMember && isForTerminal ? "  " : "") + process.id),
      Table.Cell(process.status.word, colour: Self.colour(of: process.status)),
      Table.Cell(runs ? process.pid.map(String.init) : nil), Table.Cell(uptime),
      Table.Cell(String(process.restarts)), Table.Cell(process.resources.map { Measures.percent($0.cpuPercent) }),
      Table.Cell(process.resources.map { Measures.bytes($0.memory) }),
      Table.Cell(next.map { isForTerminal ? Measures.relative($0, to: now) : $0.text }),
      Table.Cell(process.blocked ? "yes" : nil, colour: process.blocked ? 33 : nil),
      // What runs as it should has nothing to say that is worth a second line.
      Table.Cell(Self.reason(process), colour: 90, isMinor: process.status == .running && !process.blocked),
    ]
  }

  /// The explanation without what other columns say; nil where nothing is left.
  static func reason(_ process: ProcessInformation) -> String? {
    guard var text = process.explanation.map({ Substring($0) }) else { return nil }
    for known in ["\(process.status.word): ", process.pid.map { "pid \($0), " } ?? ""]
    where !known.isEmpty && text.hasPrefix(known) {
      text = text.dropFirst(known.count)
    }
    return text.isEmpty ? nil : String(text)
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
