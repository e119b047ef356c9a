extension ProcessMachine {
  /// The first appearance of a process.
  mutating func begin(_ desired: DesiredState?, _ step: inout Step) {
    heldBy = desired?.heldBy
    blockedBy = desired?.blockedBy
    updated = step.now.wall
    appear(&step)
    guard policy.autostart else {
      if let heldBy { step.log(.info, .stop, id, "stays stopped: \(heldBy.words) stopped it; start it to release it") }
      return
    }
    tryToStart(.autostart, &step)
  }

  /// Reports it for the first time, with what its schedule is going to do; the events about that follow.
  mutating func appear(_ step: inout Step) {
    let first = step.effects.count
    schedule(&step)
    let status = status(at: step.now)
    step.effects.insert(
      .event(.stateChanged(old: nil, new: shownState, status: status, actor: .configuration)), at: first)
  }

  /// Why nothing may start now; nil if it may. A start that replaces the live runs does not add to their number.
  func obstacle(_ step: Step, replacing: Bool = false) -> Obstacle? {
    if let actor = step.terminating { return .terminating(by: actor) }
    if isOrphan { return .notConfigured }
    if let blockedBy { return .blocked(by: blockedBy) }
    if let heldBy { return .held(by: heldBy) }
    if !replacing, runCount >= ProcessPolicy.mostRuns { return .tooManyRuns }
    if generation == .max { return .noRunNumbers }
    return nil
  }

  /// A run that does not happen is always reported.
  func refuse(_ cause: Cause, _ obstacle: Obstacle, _ step: inout Step) {
    let refusal = Refusal(
      cause: cause, obstacle: obstacle, isExpected: heldBy != nil || blockedBy != nil,
      isBlocked: blockedBy != nil && step.terminating == nil)
    step.effects.append(.refused(id, refusal))
  }

  @discardableResult
  mutating func tryToStart(_ reason: Cause, _ step: inout Step) -> Bool {
    if let obstacle = obstacle(step) {
      refuse(reason, obstacle, &step)
      return false
    }
    start(reason, &step)
    return true
  }

  /// There is no obstacle. Live runs exist only with `overrun`.
  private mutating func start(_ reason: Cause, _ step: inout Step) {
    restarts = reason == .restartPolicy ? restarts + 1 : 0
    generation += 1
    startedBy = reason
    askedForAt = step.now.boot
    let run = Run(key: RunKey(id: id, generation: generation))
    switch state {
    case .down, .waiting: state = .up(Up(runs: [run], follow: .policy))
    case .up(let up):
      // A pending watch restart still has to replace the older runs.
      var follow = Follow.policy
      if case .due(let pending) = up.follow, pending.reason == .watch { follow = up.follow }
      state = .up(Up(runs: up.runs + [run], follow: follow))
    }
    step.effects.append(.spawn(run.key, reason: reason))
    step.logChange(.log, .starting, id, "starting (\(reason.words))")
    announce(reason, &step)
  }

  /// Stops every live run and everything that finished ones left behind.
  mutating func stopAll(_ actor: Cause, follow: Follow, _ step: inout Step) {
    var runs = kept
    if case .up(let up) = state { runs += up.runs }
    runs.sort { $0.key.generation < $1.key.generation }
    guard !runs.isEmpty else { return }
    kept = []
    if !runs.allSatisfy({ $0.wish != nil }) { step.logChange(.log, .stopping, id, "stopping (\(actor.words))") }
    for index in runs.indices { runs[index].stop(actor, policy, &step) }
    state = .up(Up(runs: runs, follow: follow))
    announce(actor, &step)
  }

  /// Stops only the live runs; the policy, or a start that is due, remains in force.
  mutating func stopLive(_ actor: Cause, follow: Follow, _ step: inout Step) {
    guard case .up(var up) = state else { return }
    for index in up.runs.indices { up.runs[index].stop(actor, policy, &step) }
    up.follow = follow
    state = .up(up)
    announce(actor, &step)
  }

  /// Cancels a pending start and reports it.
  mutating func cancelPending(_ obstacle: Obstacle, _ step: inout Step) {
    switch state {
    case .down: return
    case .waiting(let outcome, let pending):
      state = .down(outcome)
      refuse(pending.reason, obstacle, &step)
    case .up(var up):
      switch up.follow {
      case .policy: return
      case .due(let pending): refuse(pending.reason, obstacle, &step)
      case .start(let actor): refuse(actor, obstacle, &step)
      }
      up.follow = .policy
      state = .up(up)
    }
  }
}

// MARK: - The end of everything

extension ProcessMachine {
  mutating func terminate(_ actor: Cause, _ step: inout Step) {
    schedule(&step)
    cancelPending(.terminating(by: actor), &step)
    stopAll(actor, follow: .policy, &step)
  }

  mutating func terminateNow(_ actor: Cause, _ step: inout Step) {
    schedule(&step)
    cancelPending(.terminating(by: actor), &step)
    var runs = kept
    if case .up(let up) = state { runs += up.runs }
    runs.sort { $0.key.generation < $1.key.generation }
    guard !runs.isEmpty else { return }
    kept = []
    step.log(.warn, .stopping, id, "SIGKILL (\(actor.words))")
    for index in runs.indices { runs[index].kill(actor, &step) }
    state = .up(Up(runs: runs, follow: .policy))
    announce(actor, &step)
  }
}
