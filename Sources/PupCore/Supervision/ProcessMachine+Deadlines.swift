extension ProcessMachine {
  /// Performs whatever is due on either clock.
  mutating func due(_ step: inout Step) {
    if let next = terminateCron.next, next <= step.now.wall { terminateDue(&step) }
    if let next = cron.next, next <= step.now.wall { cronDue(&step) }
    advanceRuns(&step)
    guard let pending = pendingStart, pending.at <= step.now.boot else { return }
    switch state {
    case .down: break
    case .waiting(let outcome, _):
      state = .down(outcome)
      tryToStart(pending.reason, &step)
    case .up(var up):
      if pending.reason == .watch {
        step.log(.log, .watcher, id, "restarting: a file changed")
        stopLive(.watch, follow: .start(.watch), &step)
      } else {
        up.follow = .policy
        state = .up(up)
        tryToStart(pending.reason, &step)
      }
    }
  }

  private mutating func advanceRuns(_ step: inout Step) {
    for index in kept.indices where kept[index].deadline.map({ $0 <= step.now.boot }) == true {
      kept[index].advance(policy, wasShort: wasShort(kept[index]), &step)
    }
    guard case .up(var up) = state else { return }
    for index in up.runs.indices where up.runs[index].deadline.map({ $0 <= step.now.boot }) == true {
      up.runs[index].advance(policy, wasShort: wasShort(up.runs[index]), &step)
    }
    state = .up(up)
    announce(up.runs.last?.wish ?? .program, &step)
  }

  /// Known only for the newest run.
  private func wasShort(_ run: Run) -> Bool {
    guard run.key.generation == generation, let started, let exited, exited >= started else { return false }
    return exited.microseconds - started.microseconds < Constants.shortRun.microseconds
  }

  private mutating func cronDue(_ step: inout Step) {
    // All starts that were missed meanwhile are made up for by a single one.
    cron.follow(to: step.now.wall)
    scheduleCron(&step)
    if case .up(let up) = state {
      if case .start = up.follow { return refuse(.cron, .restarting, &step) }
      if !policy.overrun { return refuse(.cron, up.isEnding ? .stillStopping : .stillRunning, &step) }
    }
    tryToStart(.cron, &step)
  }

  private mutating func terminateDue(_ step: inout Step) {
    terminateCron.follow(to: step.now.wall)
    scheduleTerminate(&step)
    guard case .up(let up) = state, !up.isEnding else { return }
    step.log(.log, .terminate, id, "stopping: its terminate schedule is due")
    stopLive(.terminateCron, follow: up.follow, &step)
  }

  // MARK: - Schedules

  /// An unchanged time is not reported.
  mutating func schedule(_ step: inout Step) {
    scheduleCron(&step)
    scheduleTerminate(&step)
  }

  mutating func scheduleCron(_ step: inout Step) {
    // Nothing is scheduled once everything is being stopped.
    let next = step.terminating == nil ? policy.cron?.next(after: cron.base(step.now.wall)) : nil
    guard next != cron.next else { return }
    cron.next = next
    if let next { step.effects.append(.event(.scheduled(next: next, status: status(at: step.now)))) }
  }

  mutating func scheduleTerminate(_ step: inout Step) {
    let next = step.terminating == nil ? policy.terminateCron?.next(after: terminateCron.base(step.now.wall)) : nil
    guard next != terminateCron.next else { return }
    terminateCron.next = next
    if let next { step.effects.append(.event(.terminateScheduled(next: next, status: status(at: step.now)))) }
  }

  /// The calendar clock was set. Times that are due now stay due, so that they fire
  /// once, except after a step so large that it must have corrected a wrong clock.
  mutating func wallClockChanged(forward: WallTime, _ step: inout Step) {
    cron.forgetWrongClock(step.now.wall)
    terminateCron.forgetWrongClock(step.now.wall)
    let isCorrection = forward > Constants.longestCatchUp
    if isCorrection, cron.isDue(step.now.wall) { tellLeftOut(cron, &step) }
    if isCorrection || !cron.isDue(step.now.wall) { scheduleCron(&step) }
    if isCorrection || !terminateCron.isDue(step.now.wall) { scheduleTerminate(&step) }
    if let next = cron.next, cron.base(step.now.wall) > step.now.wall {
      step.log(.warn, .cron, id, "the clock was set back; so that nothing runs twice, the next start is at \(next.words)")
    }
  }

  private func tellLeftOut(_ slot: Slot, _ step: inout Step) {
    guard let next = slot.next else { return }
    step.log(.warn, .cron, id, "the clock was set far forward, past \(next.words): the start that was due then is skipped")
  }

  mutating func fileChanged(_ path: String, _ step: inout Step) {
    guard policy.watches else {
      step.log(.warn, .unexpected, id, "\(path) changed, but nothing is watched; ignored")
      return
    }
    step.effects.append(.event(.watchTriggered(path: path, status: status(at: step.now))))
    var isUp = false
    if case .up = state { isUp = true }
    if let obstacle = obstacle(step, replacing: isUp) { return refuse(.watch, obstacle, &step) }
    if let askedForAt {
      watchLoop.note(path, in: generation, after: step.now.boot - askedForAt, isRestart: startedBy == .watch)
    }
    let delay = max(policy.watchRestartDelay, watchLoop.delay ?? .zero)
    var pending = PendingStart(at: step.now.boot + delay, reason: .watch)
    if let due = pendingStart { pending.at = min(pending.at, due.at) }
    tellChange(of: path, &step)
    switch state {
    case .down(let outcome), .waiting(let outcome, _): state = .waiting(outcome, pending)
    case .up(var up):
      // A start that is waiting for the stop will read the new file anyway.
      if case .start = up.follow { return }
      up.follow = .due(pending)
      state = .up(up)
    }
  }
}

extension ProcessMachine {
  private func tellChange(of path: String, _ step: inout Step) {
    guard let delay = watchLoop.delay, delay > policy.watchRestartDelay, pendingStart?.reason != .watch else {
      return step.log(.log, .watcher, id, "\(path) changed")
    }
    step.log(
      .warn, .watcher, id,
      "\(path) changed, \(watchLoop.streak) times in a row equally soon after the start: the program seems to write it itself. The next "
        + "restart waits \(delay.words); exclude the file with `watcher.skip`, or watch a folder that the program does not write to"
    )
  }
}

extension ProcessMachine.Slot {
  func isDue(_ now: WallTime) -> Bool { next.map { $0 <= now } ?? false }

  /// Where to start looking for the next time: never before a time that has already been handled.
  func base(_ now: WallTime) -> WallTime { max(followedTo ?? now, now) }

  mutating func follow(to now: WallTime) { followedTo = base(now) }

  /// A clock that was a day ahead was plainly wrong, so times handled under it do not count.
  mutating func forgetWrongClock(_ now: WallTime) {
    guard let followedTo else { return }
    let (ahead, overflow) = followedTo.microseconds.subtractingReportingOverflow(now.microseconds)
    if overflow || ahead > Constants.longestStepBack.microseconds { self.followedTo = nil }
  }
}

extension ProcessMachine {
  /// For a brain that takes over: whatever fell due in the meantime fires once; future times are computed anew.
  mutating func resumeSchedules(_ step: inout Step) {
    cron.forgetWrongClock(step.now.wall)
    terminateCron.forgetWrongClock(step.now.wall)
    if !cron.isDue(step.now.wall) { scheduleCron(&step) }
    if !terminateCron.isDue(step.now.wall) { scheduleTerminate(&step) }
  }
}
