internal import PupCore

extension Database {
  func insert(_ transition: Transition) throws(StoreError) {
    let actor = transition.actor.columns
    let exit = transition.exit?.columns
    try run(
      """
      INSERT INTO history (time, process, generation, old, new, actor, detail, pid, ended, code, signal, core, oom,
        user, system, peak, restarts, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .integer(transition.time.microseconds), .text(transition.process.text), .integer(transition.generation),
        .integer(transition.old?.rawValue), .integer(transition.new.rawValue), .text(actor.kind), .text(actor.detail),
        .integer(transition.pid), .integer(exit == nil ? 0 : 1), .integer(exit?.code), .integer(exit?.signal),
        .integer(exit?.dumpedCore == true ? 1 : 0), .integer(transition.ranOutOfMemory ? 1 : 0),
        .integer(transition.usage?.userMicroseconds), .integer(transition.usage?.systemMicroseconds),
        .integer(transition.usage?.peakBytes), .integer(transition.restarts), .text(shortened(transition.reason)),
      ], stage: "store a transition")
  }

  /// Newest first.
  func history(of process: ProcessID?, limit: Int, before: Int64?) throws(StoreError) -> [StoredTransition] {
    var entries: [StoredTransition] = []
    let bounds: [SQLValue] = [.integer(before ?? .max), .integer(limit)]
    if let process {
      try rows(
        """
        SELECT number, time, process, generation, old, new, actor, detail, pid, ended, code, signal, core, oom, user, system,
          peak, restarts, reason FROM history WHERE process = ?3 AND number < ?1 ORDER BY number DESC LIMIT ?2
        """, bounds + [.text(process.text)], stage: "read the history"
      ) { row in StoredTransition(row).map { entries.append($0) } }
    } else {
      try rows(
        """
        SELECT number, time, process, generation, old, new, actor, detail, pid, ended, code, signal, core, oom, user, system,
          peak, restarts, reason FROM history WHERE number < ?1 ORDER BY number DESC LIMIT ?2
        """, bounds, stage: "read the history"
      ) { row in StoredTransition(row).map { entries.append($0) } }
    }
    return entries
  }

  func trimHistory(of process: ProcessID, keeping count: Int) throws(StoreError) {
    try run(
      """
      DELETE FROM history WHERE process = ?1 AND number <=
        (SELECT number FROM history WHERE process = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
      """, [.text(process.text), .integer(count)], stage: "trim the history")
  }

  func trimHistory(keeping count: Int, since oldest: WallTime) throws(StoreError) {
    try run(
      "DELETE FROM history WHERE number <= (SELECT max(number) FROM history) - ?", [.integer(count)], stage: "trim the history")
    try run("DELETE FROM history WHERE time < ?", [.integer(oldest.microseconds)], stage: "trim the history")
  }

  func processesInHistory() throws(StoreError) -> [ProcessID] {
    var ids: [ProcessID] = []
    try rows("SELECT DISTINCT process FROM history", stage: "read the history") { row in
      row.text(0).map { ids.append(ProcessID($0)) }
    }
    return ids
  }

  private func shortened(_ text: String) -> String {
    guard text.utf8.count > Transition.longestReason else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: Transition.longestReason - 3)
    while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
    return text[..<end] + "…"
  }
}

extension StoredTransition {
  /// Nil for a row with values that this version does not know.
  init?(_ row: Row) {
    guard let number = row.integer(0), let time = row.integer(1), let process = row.text(2),
      let new = row.int32(5).flatMap({ ProcessState(rawValue: $0) }),
      let actor = Cause(kind: row.text(6), detail: row.text(7))
    else { return nil }
    var transition = Transition(
      time: WallTime(microseconds: time), process: ProcessID(process), old: row.int32(4).flatMap { ProcessState(rawValue: $0) },
      new: new, actor: actor)
    transition.generation = row.integer(3).map { UInt32(clamping: $0) }
    transition.pid = row.int32(8)
    if row.integer(9) == 1 {
      transition.exit = ExitStatus(code: row.int32(10), signal: row.int32(11), dumpedCore: row.integer(12) == 1)
    }
    transition.ranOutOfMemory = row.integer(13) == 1
    if let user = row.integer(14), let system = row.integer(15), let peak = row.integer(16) {
      transition.usage = ResourceUsage(userMicroseconds: user, systemMicroseconds: system, peakBytes: peak)
    }
    transition.restarts = Int(clamping: row.integer(17) ?? 0)
    transition.reason = row.text(18) ?? ""
    self.init(number: number, transition: transition)
  }
}
