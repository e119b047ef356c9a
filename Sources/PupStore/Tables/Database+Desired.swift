internal import PupCore

extension Database {
  /// Makes the table contain exactly these. A decision that is unchanged keeps the time at which it was made.
  func replaceDesired(_ states: [DesiredState], at time: WallTime) throws(StoreError) {
    let wanted = Set(states.map(\.id))
    for decision in try desired() where !wanted.contains(decision.state.id) {
      try run("DELETE FROM desired WHERE process = ?", [.text(decision.state.id.text)], stage: "forget a decision")
    }
    for state in states { try upsert(state, heldSince: time, blockedSince: time) }
  }

  func restore(_ decision: StandingDecision) throws(StoreError) {
    let never = WallTime(microseconds: 0)
    try upsert(decision.state, heldSince: decision.heldSince ?? never, blockedSince: decision.blockedSince ?? never)
  }

  private func upsert(_ state: DesiredState, heldSince: WallTime, blockedSince: WallTime) throws(StoreError) {
    let held = state.heldBy?.columns
    let blocked = state.blockedBy?.columns
    try run(
      """
      INSERT INTO desired (process, held, held_detail, blocked, blocked_detail, held_since, blocked_since)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (process) DO UPDATE SET
          held_since = CASE WHEN held IS ?2 AND held_detail IS ?3 THEN held_since ELSE ?6 END,
          blocked_since = CASE WHEN blocked IS ?4 AND blocked_detail IS ?5 THEN blocked_since ELSE ?7 END,
          held = ?2, held_detail = ?3, blocked = ?4, blocked_detail = ?5
      """,
      [
        .text(state.id.text), .text(held?.kind), .text(held?.detail), .text(blocked?.kind), .text(blocked?.detail),
        .integer(held == nil ? nil : heldSince.microseconds), .integer(blocked == nil ? nil : blockedSince.microseconds),
      ], stage: "store a decision")
  }

  func desired() throws(StoreError) -> [StandingDecision] {
    var decisions: [StandingDecision] = []
    try rows(
      """
      SELECT process, held, held_detail, blocked, blocked_detail, held_since, blocked_since FROM desired ORDER BY process
      """, stage: "read the decisions"
    ) { row in
      guard let process = row.text(0) else { return }
      // An unknown value still means that someone decided.
      func actor(_ kind: Int32) -> Cause? {
        row.text(kind).map { Cause(kind: $0, detail: row.text(kind + 1)) ?? .consumer(row.text(kind + 1) ?? "") }
      }
      decisions.append(
        StandingDecision(
          state: DesiredState(id: ProcessID(process), heldBy: actor(1), blockedBy: actor(3)),
          heldSince: row.integer(5).map { WallTime(microseconds: $0) },
          blockedSince: row.integer(6).map { WallTime(microseconds: $0) }))
    }
    return decisions
  }
}
