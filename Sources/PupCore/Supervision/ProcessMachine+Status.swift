extension ProcessMachine {
  func status(at now: Moment) -> ProcessStatus {
    var status = ProcessStatus(id: id, state: shownState, updated: updated)
    status.blocked = blockedBy != nil
    status.heldByOperator = heldBy != nil
    status.lastExit = lastEnd?.exit
    status.started = started
    status.exited = exited
    status.restarts = restarts
    status.starts = Int(generation)
    status.nextTerminate = terminateCron.next
    // A schedule does not start what an operator keeps stopped.
    let scheduled = heldBy == nil && blockedBy == nil ? cron.next : nil
    status.nextStart = scheduled
    if case .up(let up) = state { status.pid = up.runs.last?.pid }
    if let pendingStart {
      status.pendingReason = pendingStart.reason
      let pendingTime = WallTime(of: pendingStart.at, seenFrom: now)
      status.nextStart = min(pendingTime, scheduled ?? pendingTime)
    } else if case .up(let up) = state, case .start(let actor) = up.follow {
      status.pendingReason = actor
    }
    status.explanation = explanation(at: now)
    return status
  }

  /// One sentence: the state, who or what caused it, and what comes next and when.
  func explanation(at now: Moment) -> String {
    switch state {
    case .down(let outcome): return words(of: outcome) + afterwards(outcome)
    case .waiting(let outcome, let pending): return "\(words(of: outcome)); \(words(of: pending, now))"
    case .up(let up): return words(of: up, now)
    }
  }

  var endWords: String {
    guard let lastEnd else { return "not started yet" }
    if let failure = lastEnd.failure { return "could not be started: \(failure)" }
    guard let wish = lastEnd.wish else {
      return lastEnd.wentToBackground ? "\(lastEnd.exit.words); \(Run.backgroundHint)" : lastEnd.exit.words
    }
    return "stopped by \(wish.words) (\(lastEnd.exit.words))"
  }

  private func words(of outcome: Outcome) -> String {
    guard outcome == .exhausted else { return "\(outcome.state.word): \(endWords)" }
    return "exhausted: \(endWords), after \(restarts) restart\(restarts == 1 ? "" : "s"), which is its limit"
  }

  private func afterwards(_ outcome: Outcome) -> String {
    if let blockedBy { return "; blocked by \(blockedBy.words), it does not start until it is unblocked" }
    if let heldBy { return "; stays stopped until it is started, because \(heldBy.words) stopped it" }
    if let next = cron.next { return "; starts at \(next.words) (cron)" }
    if policy.watches { return "; starts when a watched file changes" }
    if outcome == .exhausted { return "; start it to try again" }
    return outcome == .created && !policy.autostart ? "; it does not start by itself" : ""
  }

  private func words(of pending: PendingStart, _ now: Moment) -> String {
    let delay = pending.at - now.boot
    let time = delay <= .zero ? "at once" : "in \(delay.words)"
    guard pending.reason == .restartPolicy else { return "starts \(time) (\(pending.reason.words))" }
    let limit = policy.restartLimit.map { " of \($0)" } ?? ""
    return "restarts \(time) (restart policy \(policy.restart.word), restart \(restarts + 1)\(limit))"
  }

  private func words(of up: Up, _ now: Moment) -> String {
    guard let run = up.runs.last else { return "" }
    var text = "\(run.shownState.word): "
    switch run.phase {
    case .starting: text += "requested by \((startedBy ?? .program).words)"
    case .running(let pid, let timeoutAt):
      text += "pid \(pid), started by \((startedBy ?? .program).words)"
      if let timeoutAt { text += "; may run for \((timeoutAt - now.boot).words) more" }
    case .stopping(_, let stop): text += words(of: stop, now)
    case .settling(let exit, _, _): text += "its leader ended (\(exit.words)), waiting for the rest of its tree"
    case .emptying(let exit, let emptying):
      text += emptying.wish.map { "requested by \($0.words); its" } ?? "its"
      text += " leader ended (\(exit.words)), ending the processes that it left behind"
      text += emptying.isKilling ? " with SIGKILL" : "; SIGKILL in \((emptying.killAt - now.boot).words)"
    case .kept: break
    }
    if up.runs.count > 1 { text += "; \(up.runs.count) runs are alive" }
    switch up.follow {
    case .policy: break
    case .due(let pending): text += "; " + words(of: pending, now)
    case .start(let actor): text += "; starts again afterwards (\(actor.words))"
    }
    if let blockedBy { text += "; blocked by \(blockedBy.words), it will not be started again" }
    return text
  }

  private func words(of stop: Run.Stop, _ now: Moment) -> String {
    let kill = "SIGKILL in \((stop.killAt - now.boot).words)"
    return switch stop.stage {
    case .grace(let until): "requested by \(stop.actor.words); SIGTERM in \((until - now.boot).words), \(kill)"
    case .asked, .askedAll: "requested by \(stop.actor.words); \(kill)"
    case .killing: "requested by \(stop.actor.words); SIGKILL was sent, waiting for its tree to be empty"
    }
  }
}

extension ProcessPolicy.Restart {
  var word: String {
    switch self {
    case .never: "never"
    case .onError: "error"
    case .always: "always"
    }
  }
}
