// Every event handles every phase: anything not listed here cannot happen to a run.
extension Run {
  /// The program is executing.
  mutating func spawned(pid: Int32, timeout: Delay?, _ step: inout Step) {
    switch phase {
    case .starting:
      phase = .running(pid: pid, timeoutAt: timeout.map { step.now.boot + $0 })
    case .stopping(pid: nil, let stop):
      phase = .stopping(pid: pid, stop)
    case .running, .stopping, .settling, .emptying, .kept:
      unexpected("spawned", &step)
    }
  }

  /// The program never executed and there is nothing to wait for. Nil if that is impossible in this phase.
  mutating func spawnFailed(_ failure: SpawnFailure, _ step: inout Step) -> RunEnd? {
    switch phase {
    case .starting: return RunEnd(exit: .unknown, failure: failure.message, isShortage: failure.isShortage)
    case .stopping(pid: nil, let stop): return RunEnd(exit: .unknown, wish: stop.actor, failure: failure.message)
    case .running, .stopping, .settling, .emptying, .kept:
      unexpected("spawn failed", &step)
      return nil
    }
  }

  /// The leader ended. Returns the run's end if its leftovers are to be kept.
  mutating func exited(_ status: ExitStatus, _ leftovers: ProcessPolicy.Leftovers, _ step: inout Step) -> RunEnd? {
    switch phase {
    case .starting, .running:
      let settled = step.now.boot + Constants.settlingTime
      switch leftovers {
      case .kill:
        phase = .settling(status, until: settled, killAt: step.now.boot + Constants.leftoversTimeout)
        return nil
      case .keep:
        phase = .kept(status, tellAt: settled)
        return RunEnd(exit: status)
      }
    case .stopping(_, let stop):
      var emptying = Emptying(wish: stop.actor, killAt: stop.killAt, isKilling: false)
      switch stop.stage {
      case .grace: signal(Constants.terminateSignal, .tree, &step)
      case .asked: signal(Constants.terminateSignal, .outsideGroup, &step)
      case .askedAll: break
      case .killing(let again): emptying = Emptying(wish: stop.actor, killAt: again, isKilling: true)
      }
      phase = .emptying(status, emptying)
      return nil
    case .settling, .emptying, .kept:
      unexpected("exited", &step)
      return nil
    }
  }

  /// Nothing is left of it.
  mutating func emptied(_ step: inout Step) -> RunEnd {
    switch phase {
    case .starting, .running:
      unexpected("tree empty before its leader's exit: its exit status is unknown", &step)
      return RunEnd(exit: .unknown)
    case .stopping(_, let stop):
      unexpected("tree empty before its leader's exit: its exit status is unknown", &step)
      return RunEnd(exit: .unknown, wish: stop.actor)
    case .settling(let status, _, _), .kept(let status, _): return RunEnd(exit: status)
    case .emptying(let status, let emptying):
      return RunEnd(exit: status, wish: emptying.wish, wentToBackground: emptying.isBackground)
    }
  }

  mutating func stop(_ actor: Cause, _ policy: ProcessPolicy, _ step: inout Step) {
    let killAt = step.now.boot + policy.terminateTimeout
    switch phase {
    case .starting, .running:
      phase = .stopping(pid: pid, Stop(actor: actor, stage: .grace(until: step.now.boot + policy.gracePeriod), killAt: killAt))
      advance(policy, &step)
    case .stopping(let pid, var stop):
      // The deadlines of the earlier request remain; but people want to see a person's name.
      if actor.isOperator { stop.actor = actor }
      phase = .stopping(pid: pid, stop)
    case .settling(let status, _, let leftoversKillAt):
      end(status, killAt: min(killAt, leftoversKillAt), policy, &step)
    case .kept(let status, _):
      end(status, killAt: killAt, policy, &step)
    case .emptying:
      break
    }
  }

  /// SIGKILL to everything, now.
  mutating func kill(_ actor: Cause, _ step: inout Step) {
    let again = step.now.boot + Constants.killInterval
    signal(Constants.killSignal, .tree, &step)
    switch phase {
    case .starting, .running, .stopping:
      phase = .stopping(pid: pid, Stop(actor: wish ?? actor, stage: .killing(again: again), killAt: step.now.boot))
    case .settling(let status, _, _), .kept(let status, _):
      phase = .emptying(status, Emptying(wish: nil, killAt: again, isKilling: true))
    case .emptying(let status, let emptying):
      phase = .emptying(
        status, Emptying(wish: emptying.wish, killAt: again, isKilling: true, isBackground: emptying.isBackground))
    }
  }

  func signal(_ number: Int32, _ scope: SignalScope, _ step: inout Step) { step.effects.append(.signal(key, number, scope)) }

  /// Stops the rest of a tree whose leader ended by itself.
  mutating func end(
    _ status: ExitStatus, killAt: Instant, isBackground: Bool = false, _ policy: ProcessPolicy, _ step: inout Step
  ) {
    signal(Constants.terminateSignal, .tree, &step)
    phase = .emptying(status, Emptying(wish: nil, killAt: killAt, isKilling: false, isBackground: isBackground))
    advance(policy, &step)
  }

  private func unexpected(_ event: String, _ step: inout Step) {
    step.log(.warn, .unexpected, key.id, "run \(key.generation): \(event), while it is \(phase.word)")
  }
}

extension Run.Phase {
  fileprivate var word: String {
    switch self {
    case .starting: "starting"
    case .running: "running"
    case .stopping: "stopping"
    case .settling, .emptying: "ended and its tree is not empty yet"
    case .kept: "ended and its tree is kept"
    }
  }
}
