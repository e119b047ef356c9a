// The keeper's reports on this process's runs.
extension ProcessMachine {
  private enum Place {
    case live(Int)
    case kept(Int)
  }

  mutating func spawned(_ generation: UInt32, pid: Int32, _ step: inout Step) {
    guard let place = place(of: generation) else { return late("spawned", generation, &step) }
    update(place) { run, policy in run.spawned(pid: pid, timeout: policy.timeout, &step) }
    if generation == self.generation { started = step.now.wall }
    // The program only did what it was asked to do.
    announce(startedBy ?? .program, &step)
  }

  mutating func spawnFailed(_ generation: UInt32, _ failure: SpawnFailure, _ step: inout Step) {
    guard let place = place(of: generation) else {
      late("spawn failed", generation, &step)
      // Repeated, because the keeper has never been told to forget it.
      step.effects.append(.release(RunKey(id: id, generation: generation)))
      return
    }
    var end: RunEnd?
    update(place) { run, _ in end = run.spawnFailed(failure, &step) }
    if let end { over(generation, end, &step) }
  }

  mutating func exited(_ generation: UInt32, _ status: ExitStatus, _ step: inout Step) {
    guard let place = place(of: generation) else { return late("exited", generation, &step) }
    var end: RunEnd?
    update(place) { run, policy in end = run.exited(status, policy.leftovers, &step) }
    if generation == self.generation { exited = step.now.wall }
    if let end {
      // From now on, what it left behind is not a run of this process.
      if case .live(let index) = place, case .up(let up) = state {
        kept.append(up.runs[index])
        kept.sort { $0.key.generation < $1.key.generation }
      }
      remove(generation, end, &step)
    }
    announce(.program, &step)
  }

  mutating func treeEmpty(_ generation: UInt32, _ step: inout Step) {
    guard let place = place(of: generation) else {
      late("tree empty", generation, &step)
      step.effects.append(.release(RunKey(id: id, generation: generation)))
      return
    }
    switch place {
    case .live:
      var end: RunEnd?
      update(place) { run, _ in end = run.emptied(&step) }
      if let end { over(generation, end, &step) }
    case .kept(let index):
      step.effects.append(.release(kept[index].key))
      kept.remove(at: index)
    }
  }

  /// Nothing is left of a live run.
  mutating func over(_ generation: UInt32, _ end: RunEnd, _ step: inout Step) {
    step.effects.append(.release(RunKey(id: id, generation: generation)))
    remove(generation, end, &step)
  }

  /// Removes a run from the live ones and decides what its end means.
  private mutating func remove(_ generation: UInt32, _ end: RunEnd, _ step: inout Step) {
    guard case .up(var up) = state else { return }
    let wasNewest = up.runs.last?.key.generation == generation
    up.runs.removeAll { $0.key.generation == generation }
    lastEnd = end
    let outcome = end.isError ? Outcome.errored : .finished
    state = up.runs.isEmpty ? .down(outcome) : .up(up)
    if !wasNewest {
      step.log(
        end.isError ? .warn : .log, end.category, id, "an older run \(generation) has ended: \(endWords); a newer one is alive")
    } else if up.runs.isEmpty {
      settle(outcome, up.follow, end, &step)
    } else {
      // With `overrun`, an older run continues; a failed newer one may be retried alongside it.
      if up.follow == .policy {
        switch decide(outcome, end, &step) {
        case .waiting(_, let pending): up.follow = .due(pending)
        case .down(.exhausted): refuse(.restartPolicy, .restartLimit, &step)
        case .down, .up: break
        }
      }
      state = .up(up)
      step.log(end.isError ? .warn : .log, end.category, id, "run \(generation) has ended: \(endWords); an older one is alive")
      announce(cause(of: end), &step)
    }
  }

  /// A program that never started cannot be the cause of its end: the actor that requested the start is.
  private func cause(of end: RunEnd) -> Cause {
    end.wish ?? (end.failure == nil ? .program : startedBy ?? .program)
  }

  /// The last live run has ended.
  private mutating func settle(_ outcome: Outcome, _ follow: Follow, _ end: RunEnd, _ step: inout Step) {
    var next = State.down(outcome)
    switch follow {
    case .policy: next = decide(outcome, end, &step)
    case .due(let pending): next = .waiting(outcome, pending)
    case .start: break
    }
    if case .down(.exhausted) = next { state = .down(outcome) } else { state = next }
    let severity = end.failure != nil ? Severity.error : end.isError ? .warn : .log
    step.logChange(severity, end.category, id, explanation(at: step.now))
    announce(cause(of: end), &step)
    if case .start(let actor) = follow {
      tryToStart(actor, &step)
    } else if case .down(.exhausted) = next {
      state = next
      step.logChange(.error, .exhausted, id, explanation(at: step.now))
      announce(.restartPolicy, &step)
    }
  }

  /// The restart policy's decision on a run that ended.
  private mutating func decide(_ outcome: Outcome, _ end: RunEnd, _ step: inout Step) -> State {
    switch policy.restart {
    case .never: return .down(outcome)
    case .onError where outcome != .errored: return .down(outcome)
    case .onError, .always: break
    }
    if let obstacle = obstacle(step) {
      // The actor that stopped it knows that it stays stopped.
      if end.wish == nil || (end.wish != heldBy && end.wish != step.terminating) { refuse(.restartPolicy, obstacle, &step) }
      return .down(outcome)
    }
    if end.isShortage {
      // The program was not at fault, so such a start does not count as a restart.
      restarts = max(0, restarts - 1)
    } else if let limit = policy.restartLimit, restarts >= limit {
      return .down(.exhausted)
    }
    let delay = end.failure == nil ? policy.restartDelay : max(policy.restartDelay, Constants.leastSpawnDelay)
    return .waiting(outcome, PendingStart(at: step.now.boot + delay, reason: .restartPolicy))
  }

  private func place(of generation: UInt32) -> Place? {
    if case .up(let up) = state, let index = up.runs.lastIndex(where: { $0.key.generation == generation }) { return .live(index) }
    return kept.lastIndex { $0.key.generation == generation }.map { .kept($0) }
  }

  private mutating func update(_ place: Place, _ change: (inout Run, ProcessPolicy) -> Void) {
    switch place {
    case .live(let index):
      guard case .up(var up) = state else { return }
      change(&up.runs[index], policy)
      state = .up(up)
    case .kept(let index): change(&kept[index], policy)
    }
  }

  private func late(_ event: String, _ generation: UInt32, _ step: inout Step) {
    step.log(.warn, .unexpected, id, "\(event): run \(generation) has ended or was never requested; ignored")
  }
}
