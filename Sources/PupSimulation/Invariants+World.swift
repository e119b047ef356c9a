internal import PupCore

// What must hold between the core and the world.
extension Invariants {
  /// Before the keeper does it.
  mutating func spawning(_ key: RunKey, _ keeper: SimulatedKeeper) {
    let alive = keeper.entries.count { $0.key.id == key.id && !$0.isTreeEmpty }
    if alive > 0, accounts[key.id]?.mayOverlap == false { fail("\(key.id) starts while an earlier run lives") }
    if alive >= 16 { fail("\(key.id) starts a \(alive + 1)th run beside the others") }
  }

  /// After an input and all its effects.
  mutating func settled(_ supervisor: Supervisor, _ keeper: SimulatedKeeper, _ definitions: [ProcessDefinition], _ now: Moment) {
    let deadlines = supervisor.nextDeadline
    if let boot = deadlines.boot, boot <= now.boot { fail("a deadline is left in the past") }
    if let wall = deadlines.wall, wall <= now.wall { fail("a schedule is left in the past") }
    for wish in supervisor.desiredStates {
      guard let account = accounts[wish.id] else { continue }
      if account.held != (wish.heldBy != nil) || account.blocked != (wish.blockedBy != nil) {
        fail("\(wish.id): a wish got lost")
      }
    }
    if supervisor.desiredStates.count != definitions.count(where: { wishes(for: $0.id) }) { fail("a wish got lost") }
    for entry in keeper.entries {
      check(entry, now)
      guard keeper.mail.isEmpty, case .ended = entry.leader, entry.members > 0, entry.wasTermed else { continue }
      if !entry.wereMembersTermed, !entry.wasKilled {
        fail("\(entry.key.id) was stopped and its leader is gone, but the rest got no SIGTERM")
      }
    }
    for definition in definitions { check(definition, supervisor, keeper, now) }
  }

  private func wishes(for id: ProcessID) -> Bool { accounts[id].map { $0.held || $0.blocked } ?? false }

  /// A stop ends by its deadline.
  private mutating func check(_ entry: SimulatedKeeper.Entry, _ now: Moment) {
    guard !entry.isTreeEmpty else { return }
    let id = entry.key.id
    guard let account = accounts[id] else {
      if !entry.wasTermed, !entry.wereMembersTermed, !entry.wasKilled {
        fail("\(id) is not in the configuration, yet nothing stops it")
      }
      return
    }
    if let term = entry.firstTerm,
      now.boot >= term + max(account.longestStop, .seconds(30)) || (account.isStable && now.boot >= term + account.longestStop)
    {
      guard let kill = entry.lastKill else { return fail("\(id) got SIGTERM, but no SIGKILL at its deadline") }
      if now.boot >= kill + .seconds(1) { fail("\(id) lives on, but SIGKILL is not repeated") }
    }
    guard let since = account.stoppingSince, account.isStable, !account.mayOverlap else { return }
    if now.boot >= since + account.longestStop, !entry.wasKilled { fail("\(id) has been stopping for too long without SIGKILL") }
    if now.boot >= since + account.policy.gracePeriod, !entry.wasTermed, !entry.wasKilled {
      fail("\(id) is stopping without SIGTERM")
    }
  }

  private mutating func check(
    _ definition: ProcessDefinition, _ supervisor: Supervisor, _ keeper: SimulatedKeeper, _ now: Moment
  ) {
    guard let account = accounts[definition.id], let state = supervisor.state(of: definition.id) else {
      return fail("\(definition.id) is not known")
    }
    let isDown = [.created, .finished, .errored, .exhausted].contains(state)
    if !account.mayOverlap, keeper.mail.isEmpty {
      let runs = keeper.entries.count { $0.key.id == definition.id }
      if isDown, runs > 0 { fail("\(definition.id) is \(state.word), yet the keeper has \(runs) runs of it") }
      if !isDown, runs != 1 { fail("\(definition.id) is \(state.word), yet the keeper has \(runs) runs of it") }
    }
    guard account.isStable, !account.held, !account.blocked, !account.wasRefused, !isTerminating else { return }
    let wants =
      switch definition.policy.restart {
      case .never: false
      case .onError: state == .errored
      case .always: state == .errored || state == .finished
      }
    if wants, supervisor.status(of: definition.id, at: now)?.pendingReason == nil {
      fail("\(definition.id) is \(state.word) and nothing starts it again, and nobody said why")
    }
  }
}
