internal import CLinux
internal import Glibc
internal import PupSystem

/// Stopping without a brain: TERM, the deadline that each run's specification recorded, KILL.
extension Keeper {
  var stopDeadline: Int64? {
    if !stopsByItself {
      guard terminateSignal != 0 else { return nil }
      return max(terminateAskedAt, brain.map(\.lastBeat) ?? 0) + 5 * Self.second
    }
    var next: Int64?
    for entry in entries.values {
      guard let plan = entry.stopping else { continue }
      let deadline = plan.termSent ? plan.killAt : min(plan.termAt, plan.killAt)
      next = min(next ?? deadline, deadline)
    }
    return next
  }

  func tickStop(_ now: Int64) {
    guard terminateSignal != 0 else { return }
    if !stopsByItself {
      guard let deadline = stopDeadline, deadline <= now else { return }
      beginOwnStop(now)
    }
    var live = false
    for (key, entry) in entries where entry.isLive {
      live = true
      guard var plan = entry.stopping else { continue }
      if plan.killAt <= now {
        signalRun(key, SIGKILL, .tree)
        plan.killAt = now + Self.second
        plan.termSent = true
      } else if plan.termAt <= now, !plan.termSent {
        plan.termSent = true
        signalRun(key, SIGTERM, .tree)
      }
      entries[key]?.stopping = plan
    }
    if !live {
      removeSharedFiles()
      exitCode = 0
    }
  }

  /// Otherwise the brain's last act.
  private func removeSharedFiles() {
    let temporary = arguments.pointer.lastIndex(of: "/").map { String(arguments.pointer[..<$0]) }
    InstanceRemoval.remove(runtime: arguments.runtime, temporary: temporary ?? "")
    // Nothing is left that a later one would have to look for.
    if arguments.lock >= 0 { InstanceLockFile.writeEnded(arguments.lock) }
  }

  private func beginOwnStop(_ now: Int64) {
    complain("no supervisor has answered for 5 s; stopping the programs without one")
    stopsByItself = true
    restartBrainAt = nil
    if let brain {
      _ = pup_pidfd_signal(brain.pidfd, SIGKILL)
      dismissed.insert(brain.pid)
      disconnectBrain()
    }
    for (key, entry) in entries where entry.isLive {
      // Both spans began when the stop was asked for.
      entries[key]?.stopping = Entry.StopPlan(
        termAt: terminateAskedAt + Int64(clamping: entry.graceNanoseconds),
        killAt: terminateAskedAt + max(Int64(clamping: entry.timeoutNanoseconds), Int64(clamping: entry.graceNanoseconds)))
    }
  }
}
