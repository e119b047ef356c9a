// A brain that takes over knows what its predecessor recorded before acting, and what the keeper observes. The keeper is
// authoritative about the facts, the record about intentions.
extension ProcessMachine {
  /// `record` is nil if nothing was recorded about this process.
  mutating func takeOver(_ record: ProcessRecord?, _ runs: [UInt32: RunObservation], _ step: inout Step) {
    if let record { restore(record) } else { updated = step.now.wall }
    announced = shownState
    let noted = liveAndKept
    for generation in runs.keys.sorted() where !noted.contains(generation) {
      guard let observation = runs[generation] else { continue }
      takeOverUnnoted(generation, observation, isNew: generation > (record?.generation ?? 0), &step)
    }
    for generation in noted { takeOverNoted(generation, runs[generation], &step) }
    if isOrphan {
      if runCount > 0 { step.log(.warn, .takeover, id, "is no longer in the configuration: its survivors are being stopped") }
      stopAll(.configuration, follow: .policy, &step)
      return
    }
    applyPolicy(&step)
    if record == nil {
      appear(&step)
      if runCount == 0, policy.autostart { tryToStart(.autostart, &step) }
    } else {
      resumeSchedules(&step)
    }
    announce(.takeOver, &step)
  }

  private var liveAndKept: [UInt32] {
    var runs = kept
    if case .up(let up) = state { runs += up.runs }
    return runs.map(\.key.generation)
  }

  private mutating func takeOverNoted(_ generation: UInt32, _ observation: RunObservation?, _ step: inout Step) {
    switch observation {
    case nil: missing(generation, &step)
    case .spawning: repeatSignals(generation, &step)
    case .alive(let pid):
      if isUnanswered(generation) { spawned(generation, pid: pid, &step) }
      repeatSignals(generation, &step)
    case .spawnFailed(let failure): spawnFailed(generation, failure, &step)
    case .exited(let status):
      if !isLeaderGone(generation) { exited(generation, status, &step) }
      repeatSignals(generation, &step)
    case .ended(let status):
      if !isLeaderGone(generation) { exited(generation, status, &step) }
      treeEmpty(generation, &step)
    }
  }

  /// The keeper does not know a recorded run.
  private mutating func missing(_ generation: UInt32, _ step: inout Step) {
    guard let run = run(generation) else { return }
    switch run.phase {
    case .starting:
      // Recorded, but the brain died before it could send the request.
      if let obstacle = obstacle(step, replacing: true) {
        refuse(startedBy ?? .takeOver, obstacle, &step)
        over(generation, RunEnd(exit: .unknown, wish: blockedBy ?? heldBy ?? step.terminating ?? .takeOver), &step)
      } else {
        step.effects.append(.spawn(run.key, reason: startedBy ?? .takeOver))
      }
    case .stopping(pid: nil, let stop):
      over(generation, RunEnd(exit: .unknown, wish: stop.actor), &step)
    case .running, .stopping:
      step.log(.warn, .takeover, id, "run \(generation) ended unobserved: its exit status is unknown")
      exited(generation, .unknown, &step)
      treeEmpty(generation, &step)
    case .settling, .emptying, .kept:
      treeEmpty(generation, &step)
    }
  }

  /// The keeper knows a run that is not recorded as alive.
  private mutating func takeOverUnnoted(
    _ generation: UInt32, _ observation: RunObservation, isNew: Bool, _ step: inout Step
  ) {
    self.generation = max(self.generation, generation)
    let key = RunKey(id: id, generation: generation)
    var run = Run(key: key)
    switch observation {
    case .ended, .spawnFailed:
      // Its end was recorded; only the keeper was not notified.
      step.effects.append(.release(key))
      return
    case .spawning: break
    case .alive(let pid): run.spawned(pid: pid, timeout: policy.timeout, &step)
    case .exited(let status): _ = run.exited(status, .kill, &step)
    }
    if isNew, !isOrphan, case .down = state, !run.isEnding {
      step.log(.warn, .takeover, id, "run \(generation) is not recorded anywhere; it is taken over as it is")
      state = .up(Up(runs: [run], follow: .policy))
      return
    }
    if !isOrphan { step.log(.warn, .takeover, id, "run \(generation) should have ended; it is being stopped") }
    run.stop(.takeOver, policy, &step)
    switch state {
    case .up(var up):
      up.runs.append(run)
      up.runs.sort { $0.key.generation < $1.key.generation }
      state = .up(up)
    case .waiting(_, let pending): state = .up(Up(runs: [run], follow: .due(pending)))
    case .down: state = .up(Up(runs: [run], follow: .policy))
    }
  }

  /// The configuration now in force overrides what was planned under its predecessor.
  private mutating func applyPolicy(_ step: inout Step) {
    if let pending = pendingStart {
      if pending.reason == .restartPolicy, policy.restart == .never {
        cancelPending(.restartsNoMore, &step)
      } else if pending.reason == .watch, !policy.watches {
        cancelPending(.watchedNoMore, &step)
      } else if let obstacle = obstacle(step, replacing: true) {
        cancelPending(obstacle, &step)
      }
    }
    guard case .up(var up) = state else { return }
    for index in up.runs.indices {
      guard case .running(let pid, let timeoutAt) = up.runs[index].phase else { continue }
      // The start of a run without a limit was not recorded, so a new limit counts from now.
      let limit = policy.timeout.map { timeoutAt ?? step.now.boot + $0 }
      up.runs[index].phase = .running(pid: pid, timeoutAt: limit)
    }
    state = .up(up)
  }

  mutating func keeperReplaced(_ step: inout Step) {
    for generation in liveAndKept { repeatSignals(generation, &step) }
  }

  private mutating func repeatSignals(_ generation: UInt32, _ step: inout Step) { run(generation)?.repeatSignals(&step) }

  private func run(_ generation: UInt32) -> Run? {
    if case .up(let up) = state, let run = up.runs.last(where: { $0.key.generation == generation }) { return run }
    return kept.last { $0.key.generation == generation }
  }

  private func isUnanswered(_ generation: UInt32) -> Bool { run(generation)?.isUnanswered ?? false }

  private func isLeaderGone(_ generation: UInt32) -> Bool {
    switch run(generation)?.phase {
    case .settling, .emptying, .kept, nil: true
    case .starting, .running, .stopping: false
    }
  }
}
