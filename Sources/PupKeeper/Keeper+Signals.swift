internal import CLinux
internal import Glibc
internal import PupSystem

extension Keeper {
  func readSignals() {
    var info = pup_signal_info()
    while pup_signal_read(signals, &info) > 0 {
      switch info.signal {
      case SIGCHLD: reapStrangers()
      case SIGTERM, SIGINT, SIGQUIT: askedToTerminate(info.signal)
      // The terminal went away: the programs of a foreground `pup run` go with it. A daemon keeps SIGHUP for "reload".
      case SIGHUP: if hasTerminal { askedToTerminate(info.signal) } else { askedToReload() }
      case SIGUSR1: replaceSelf()
      case SIGUSR2: beginUpgrade()
      default: break
      }
    }
  }

  private func askedToReload() {
    hangUpPending = true
    tellBrainAboutSignals()
  }

  private func askedToTerminate(_ signal: Int32) {
    if signal == SIGINT || signal == SIGQUIT { interrupts += 1 }
    if terminateSignal == 0 {
      terminateSignal = signal
      terminateAskedAt = Clock.monotonic
      terminateCount = 1
      serviceManager.stopping()
    } else if interrupts > 1 {
      // The second Ctrl-C is meant: no more waiting.
      terminateCount = 2
      for key in entries.keys { signalRun(key, SIGKILL, .tree) }
    }
    tellBrainAboutSignals()
  }

  /// Says what has not been said yet; a full socket leaves it for later.
  func tellBrainAboutSignals() {
    guard let brain, brain.inventoryDone else { return }
    while brain.toldTerminate < terminateCount {
      guard send(.terminate(signal: terminateSignal), to: brain) else { return }
      brain.toldTerminate += 1
    }
    if hangUpPending, send(.hangUp, to: brain) { hangUpPending = false }
  }

  // MARK: Strangers

  /// Reaps what is nobody's run: orphans that came up to this subreaper. A zombie that is kept on purpose stands in the way of
  /// "any child" from then on; those turns read the list of children instead, at most twice a second.
  func reapStrangers() {
    var status = pup_child_status()
    while pup_wait_any(true, &status) > 0 {
      guard !isOurs(status.pid) else {
        strangersAt = strangersAt ?? Clock.monotonic + Self.second / 2
        return
      }
      let pid = status.pid
      if pup_wait_pid(pid, false, &status) > 0 { reaped(pid) }
    }
  }

  private func reaped(_ pid: Int32) {
    dismissed.remove(pid)
    inherited.remove(pid)
    if !strays.isEmpty { sessionPollAt = Clock.monotonic }
  }

  func reapStrangersAroundHeldOnes() {
    strangersAt = nil
    guard let children = ProcFiles.children(of: getpid()) else { return }
    var status = pup_child_status()
    for pid in children where !isOurs(pid) && pup_wait_pid(pid, false, &status) > 0 { reaped(pid) }
  }

  func isOurs(_ pid: Int32) -> Bool {
    if pid == brain?.pid || pid == candidate?.brain.pid { return true }
    if pid == initCheck?.pid { return true }
    if upgrade?.checks.contains(where: { $0.pid == pid }) == true { return true }
    return childPids.contains(pid)
  }
}
