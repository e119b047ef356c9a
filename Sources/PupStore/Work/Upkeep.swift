internal import PupCore
internal import PupSystem

/// Keeps the tables bounded: trims a process's history after every tenth of what is kept of it, and everything once an hour.
struct Upkeep {
  private var added: [ProcessID: Int] = [:]
  private var addedToAll = 0
  private var addedEvents = 0
  var needsAll = false

  mutating func stored(_ process: ProcessID) {
    added[process, default: 0] += 1
    addedToAll += 1
  }

  mutating func storedEvent() { addedEvents += 1 }

  /// Trims what has grown. A failure is left for next time: the next write will run into the same disk.
  mutating func run(on worker: StoreWorker) {
    let limits = worker.limits
    let share = max(limits.historyPerProcess / 10, 1)
    let grown = added.filter { $0.value >= share }.map(\.key)
    let isLarge = needsAll || addedToAll >= max(limits.history / 10, 1)
    let hasEvents = needsAll || addedEvents >= max(limits.events / 10, 1)
    guard isLarge || hasEvents || !grown.isEmpty else { return }
    let isAll = needsAll
    let now = Clock.wallMicroseconds
    let epoch = worker.numbering?.epoch
    // What is not trimmed now is trimmed next time; a database that is damaged or full is reported by what is written.
    try? worker.ask { (database) throws(StoreError) in
      try database.transaction { () throws(StoreError) in
        for process in isAll ? try database.processesInHistory() : grown {
          try database.trimHistory(of: process, keeping: limits.historyPerProcess)
        }
        if isLarge {
          let oldest = now - limits.historyAge * 1_000_000
          try database.trimHistory(keeping: limits.history, since: WallTime(microseconds: oldest))
          try database.trimTokens(expiredBefore: WallTime(microseconds: now - limits.expiredTokenAge * 1_000_000))
        }
        if hasEvents, let epoch { try database.trimEvents(epoch: epoch, keeping: limits.events) }
      }
    }
    for process in grown { added[process] = nil }
    if isLarge { (added, addedToAll) = ([:], 0) }
    if hasEvents { addedEvents = 0 }
    needsAll = false
  }
}
