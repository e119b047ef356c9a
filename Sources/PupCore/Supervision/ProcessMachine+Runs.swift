// What the keeper says of this process's runs.
extension ProcessMachine {
  private enum Place {
    case live(Int)
    case kept(Int)
  }

  mutating func spawned(_ generation: UInt32, pid: Int32, _ step: inout Step) {
    guard let place = place(of: generation) else { return late("spawned", generation, &step) }
    update(place) { run, policy in run.spawned(pid: pid, timeout: policy.timeout, &step) }
    if generation == self.generation { started = step.now.wall }
    announce(.program, &step)
  }

  mutating func spawnFailed(_ generation: UInt32, _ failure: SpawnFailure, _ step: inout Step) {
    guard let place = place(of: generation) else {
      late("spawn failed", generation, &step)
      // Said again because the keeper was never told to forget it.
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
      // From now on what it left is no run of this process.
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

  /// Takes a run from the live ones and decides what its end means.
  private mutating func remove(_ generation: UInt32, _ end: RunEnd, _ step: inout Step) {
    guard case .up(var up) = state else { return }
    let wasNewest = up.runs.last?.key.generation == generation
    up.runs.removeAll { $0.key.generation == generation }
    lastEnd = end
    let outcome = end.isError ? Outcome.errored : .finished
    state = up.runs.isEmpty ? .down(outcome) : .up(up)
    if !wasNewest {
      step.log(end.isError ? .warn : .log, "finished", id, "an older run \(generation) is over: \(endWords); a newer one lives")
    } else if up.runs.isEmpty {
      settle(outcome, up.follow, end, &step)
    } else {
      // With `overrun` an older run goes on; a failed newer one may be tried again beside it.
      if up.follow == .policy {
        switch decide(outcome, end, &step) {
        case .waiting(_, let pending): up.follow = .due(pending)
        case .down(.exhausted): refuse(.restartPolicy, "its restart limit is reached", &step)
        case .down, .up: break
        }
      }
      state = .up(up)
      step.log(end.isError ? .warn : .log, "finished", id, "run \(generation) is over: \(endWords); an older one lives")
      announce(cause(of: end), &step)
    }
  }

  /// A program that never was has ended nothing: whoever asked for the start is told.
  private func cause(of end: RunEnd) -> Actor {
    end.wish ?? (end.failure == nil ? .program : startedBy ?? .program)
  }

  /// The last live run is over.
  private mutating func settle(_ outcome: Outcome, _ follow: Follow, _ end: RunEnd, _ step: inout Step) {
    var next = State.down(outcome)
    switch follow {
    case .policy: next = decide(outcome, end, &step)
    case .due(let pending): next = .waiting(outcome, pending)
    case .start: break
    }
    if case .down(.exhausted) = next { state = .down(outcome) } else { state = next }
    let severity = end.failure != nil ? Severity.error : end.isError ? .warn : .log
    step.log(severity, "finished", id, explanation(at: step.now))
    announce(cause(of: end), &step)
    if case .start(let actor) = follow {
      tryToStart(actor, &step)
    } else if case .down(.exhausted) = next {
      state = next
      step.log(.error, "refused", id, explanation(at: step.now))
      announce(.restartPolicy, &step)
    }
  }

  /// The restart policy's word on an ended run.
  private func decide(_ outcome: Outcome, _ end: RunEnd, _ step: inout Step) -> State {
    switch policy.restart {
    case .never: return .down(outcome)
    case .onError where outcome != .errored: return .down(outcome)
    case .onError, .always: break
    }
    if let why = obstacle(step) {
      // Whoever stopped it knows that it stays stopped.
      if end.wish == nil || (end.wish != heldBy && end.wish != step.terminating) { refuse(.restartPolicy, why, &step) }
      return .down(outcome)
    }
    if let limit = policy.restartLimit, restarts >= limit { return .down(.exhausted) }
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
    step.log(.warn, "unexpected", id, "\(event): run \(generation) is over or was never asked for; ignored")
  }
}
