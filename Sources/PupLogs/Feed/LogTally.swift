internal import Synchronization

/// One process's counters: written by the pump, once per batch, and read from any thread.
final class LogTally: Sendable {
  let process: String
  private let lines = Atomic<UInt64>(0)
  private let bytes = Atomic<UInt64>(0)
  private let lost = Atomic<UInt64>(0)

  init(process: String) { self.process = process }

  func add(lines: Int, bytes: Int) {
    self.lines.wrappingAdd(UInt64(lines), ordering: .relaxed)
    self.bytes.wrappingAdd(UInt64(bytes), ordering: .relaxed)
  }

  func add(lost: UInt64) {
    if lost > 0 { self.lost.wrappingAdd(lost, ordering: .relaxed) }
  }

  var counters: LogCounters {
    LogCounters(lines: lines.load(ordering: .relaxed), bytes: bytes.load(ordering: .relaxed), lost: lost.load(ordering: .relaxed))
  }
}

/// The tallies of all processes, by id without regard to case.
final class LogTallies: Sendable {
  private let known = Mutex<[String: LogTally]>([:])

  func tally(_ process: String) -> LogTally {
    let key = process.lowercased()
    return known.withLock { known in
      if let tally = known[key] { return tally }
      let tally = LogTally(process: process)
      known[key] = tally
      return tally
    }
  }

  func forget(process: String) {
    let key = process.lowercased()
    known.withLock { $0[key] = nil }
  }

  var counters: [String: LogCounters] {
    let tallies = known.withLock { Array($0.values) }
    return Dictionary(tallies.map { ($0.process, $0.counters) }) { first, _ in first }
  }
}
