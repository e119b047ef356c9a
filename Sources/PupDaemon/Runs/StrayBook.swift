internal import PupAPI
internal import PupSystem

/// What has left the trees of a process's runs, as far as the keeper has said it to this brain, and lives.
struct StrayBook {
  private struct Member {
    var process: StrayProcess
    var generation: UInt32
    /// Tells it from another process that gets its number later.
    var startTime: UInt64
  }

  private var members: [Member] = []

  var isEmpty: Bool { members.isEmpty }

  mutating func note(_ report: StrayReport, _ generation: UInt32) {
    guard members.count < StrayReport.limit, let startTime = ProcFiles.stat(of: report.pid)?.startTime else { return }
    members.append(
      Member(process: StrayProcess(pid: report.pid, name: report.name), generation: generation, startTime: startTime))
  }

  /// Nothing is left of the run.
  mutating func forget(_ generation: UInt32) { members.removeAll { $0.generation == generation } }

  /// Nil for none.
  var living: [StrayProcess]? {
    let living = members.filter { member in
      ProcFiles.stat(of: member.process.pid).map { $0.startTime == member.startTime && $0.state != UInt8(ascii: "Z") } ?? false
    }
    return living.isEmpty ? nil : living.map(\.process)
  }
}
