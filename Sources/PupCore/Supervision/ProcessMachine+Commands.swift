extension ProcessMachine {
  mutating func command(_ action: Command.Action, _ actor: Cause, _ step: inout Step) -> CommandAnswer {
    switch action {
    case .start: start(by: actor, &step)
    case .stop: stop(by: actor, &step)
    case .restart: restart(by: actor, &step)
    case .block: block(by: actor, &step)
    case .unblock: unblock(by: actor, &step)
    }
  }

  private mutating func start(by actor: Cause, _ step: inout Step) -> CommandAnswer {
    if let refused = refuseCommand(actor, replacing: false, &step) { return refused }
    switch state {
    case .down, .waiting:
      heldBy = nil
      tryToStart(actor, &step)
      return .accepted
    case .up(var up):
      if case .start = up.follow { return .unchanged(.restarting) }
      if policy.overrun {
        heldBy = nil
        tryToStart(actor, &step)
        return .accepted
      }
      guard up.isEnding else {
        refuse(actor, .alreadyRunning, &step)
        return .unchanged(.alreadyRunning)
      }
      heldBy = nil
      up.follow = .start(actor)
      state = .up(up)
      step.log(.log, .starting, id, "starts when its previous run has ended (\(actor.words))")
      return .accepted
    }
  }

  private mutating func stop(by actor: Cause, _ step: inout Step) -> CommandAnswer {
    let wasHeld = heldBy != nil
    if !wasHeld { heldBy = actor }
    // What has exhausted its limit says after how many restarts; the next start begins to count anew.
    if state != .down(.exhausted) || runCount > 0 { restarts = 0 }
    switch state {
    case .down where runCount == 0:
      if wasHeld { return .unchanged(.alreadyStopped) }
      step.log(.log, .stop, id, "stays stopped until it is started (\(actor.words))")
      announceDecision(actor, &step)
    case .waiting where runCount == 0:
      cancelPending(.nowStopped(by: actor), &step)
      announceDecision(actor, &step)
    case .down, .waiting:
      cancelPending(.nowStopped(by: actor), &step)
      stopAll(actor, follow: .policy, &step)
    case .up(let up):
      if wasHeld, kept.isEmpty, up.isEnding { return .unchanged(.alreadyStopping) }
      cancelPending(.nowStopped(by: actor), &step)
      stopAll(actor, follow: .policy, &step)
    }
    return .accepted
  }

  private mutating func restart(by actor: Cause, _ step: inout Step) -> CommandAnswer {
    if let refused = refuseCommand(actor, replacing: runCount > 0, &step) { return refused }
    if case .up(let up) = state, case .start = up.follow { return .unchanged(.restarting) }
    heldBy = nil
    guard runCount > 0 else {
      tryToStart(actor, &step)
      return .accepted
    }
    restarts = 0
    stopAll(actor, follow: .start(actor), &step)
    return .accepted
  }

  private mutating func block(by actor: Cause, _ step: inout Step) -> CommandAnswer {
    if let blockedBy { return .unchanged(.alreadyBlocked(by: blockedBy)) }
    blockedBy = actor
    step.log(.log, .block, id, "blocked (\(actor.words)): it does not start until it is unblocked")
    cancelPending(.nowBlocked(by: actor), &step)
    announceDecision(actor, &step)
    return .accepted
  }

  private mutating func unblock(by actor: Cause, _ step: inout Step) -> CommandAnswer {
    guard blockedBy != nil else { return .unchanged(.notBlocked) }
    blockedBy = nil
    step.log(.log, .unblock, id, "unblocked (\(actor.words))")
    announceDecision(actor, &step)
    return .accepted
  }

  /// Obstacles that an operator's request cannot overcome. (It does overcome an earlier stop.)
  private func refuseCommand(_ actor: Cause, replacing: Bool, _ step: inout Step) -> CommandAnswer? {
    var released = self
    released.heldBy = nil
    guard let obstacle = released.obstacle(step, replacing: replacing) else { return nil }
    refuse(actor, obstacle, &step)
    return .refused(obstacle)
  }
}
