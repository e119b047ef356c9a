extension Run {
  /// A hint for a program that daemonizes itself, as it would under sysvinit.
  static let backgroundHint =
    "it went into the background, where it cannot be supervised; keep it in the foreground (nginx: `daemon off;`)"

  /// Performs whatever is due. Afterwards, `deadline` is in the future.
  /// - Parameter wasShort: its leader ended soon after its start.
  mutating func advance(_ policy: ProcessPolicy, wasShort: Bool = false, _ step: inout Step) {
    let now = step.now.boot
    switch phase {
    case .starting: break
    case .running(_, let timeoutAt):
      guard let timeoutAt, timeoutAt <= now else { break }
      step.log(.warn, .timeout, key.id, "has reached its time limit\(policy.timeout.map { ", \($0.words)" } ?? ""): stopping")
      stop(.timeout, policy, &step)
    case .stopping(let pid, var stop):
      advance(&stop, &step)
      phase = .stopping(pid: pid, stop)
    case .settling(let status, let until, let killAt):
      guard until <= now else { break }
      let isBackground = wasShort && status == .exited(code: 0)
      let hint = isBackground ? ": \(Self.backgroundHint)" : ""
      step.log(.warn, .leftovers, key.id, "left processes behind; ending them (\(Constants.leftoversTimeout.words))\(hint)")
      end(status, killAt: killAt, isBackground: isBackground, policy, &step)
    case .emptying(let status, var emptying):
      guard emptying.killAt <= now else { break }
      signal(Constants.killSignal, .tree, &step)
      if !emptying.isKilling { step.log(.warn, .stopping, key.id, "processes in its tree ignored SIGTERM: sending SIGKILL") }
      emptying.isKilling = true
      emptying.killAt = now + Constants.killInterval
      phase = .emptying(status, emptying)
    case .kept(let status, let tellAt):
      guard let tellAt, tellAt <= now else { break }
      let hint = wasShort && status == .exited(code: 0) ? ": \(Self.backgroundHint)" : ""
      step.log(.info, .leftovers, key.id, "left processes behind; they keep running (`leftovers` is \"keep\")\(hint)")
      phase = .kept(status, tellAt: nil)
    }
  }

  private func advance(_ stop: inout Stop, _ step: inout Step) {
    let now = step.now.boot
    if case .killing(let again) = stop.stage {
      guard again <= now else { return }
      signal(Constants.killSignal, .tree, &step)
      stop.stage = .killing(again: now + Constants.killInterval)
      return
    }
    if stop.killAt <= now {
      signal(Constants.killSignal, .tree, &step)
      step.log(.warn, .stopping, key.id, "did not stop in time: sending SIGKILL")
      stop.stage = .killing(again: now + Constants.killInterval)
      return
    }
    switch stop.stage {
    case .grace(let until) where until <= now:
      signal(Constants.terminateSignal, .group, &step)
      stop.stage = .asked(othersAt: now + Constants.outsidersDelay)
    case .asked(let othersAt) where othersAt <= now:
      signal(Constants.terminateSignal, .outsideGroup, &step)
      stop.stage = .askedAll
    case .grace, .asked, .askedAll, .killing: break
    }
  }

  /// The previous brain may have died before it could send a signal that it had recorded as sent. An extra signal is the lesser
  /// evil: without SIGTERM, SIGKILL would hit the program unprepared.
  func repeatSignals(_ step: inout Step) {
    switch phase {
    case .starting, .running, .settling, .kept: break
    case .stopping(_, let stop):
      switch stop.stage {
      case .grace: break
      case .asked: signal(Constants.terminateSignal, .group, &step)
      case .askedAll: signal(Constants.terminateSignal, .tree, &step)
      case .killing: signal(Constants.killSignal, .tree, &step)
      }
    case .emptying(_, let emptying):
      signal(emptying.isKilling ? Constants.killSignal : Constants.terminateSignal, .tree, &step)
    }
  }
}
