internal import Glibc
internal import PupSystem

/// What follows the end of a brain.
extension BrainWatch {
  /// - Parameter wasUpgrade: the executables before it are in force again.
  /// - Returns: the code that the keeper ends with, where nothing is left to be done.
  func judge(_ brain: Brain, _ end: BrainEnd, wasUpgrade: Bool) -> Int32? {
    switch end {
    case .refusal(let reason):
      // The executable in force refuses: trying it again and again would not change that.
      if brain.isChild, !wasUpgrade { return refusedForGood(reason) }
      lastDeath = reason
      complain("the supervisor (pid \(brain.pid)) cannot go on: \(reason). The programs keep running; starting another one")
      restartAt = Clock.monotonic
    case .notStarted(let failure): notStarted(failure)
    case .madeWay: restartAt = Clock.monotonic
    case .killed(let reason):
      lastDeath = reason
      complain("the supervisor (pid \(brain.pid)) was killed. The programs keep running; starting a new one")
      health.begin()
      restartAt = Clock.monotonic
    case .fault(let reason): died(brain, reason, Clock.monotonic)
    }
    return nil
  }

  private func died(_ brain: Brain, _ reason: String, _ now: Int64) {
    lastDeath = reason
    let wasSafe = health.safeMode != nil
    let pause = health.died(
      supervised: brain.readyAt.map { now - $0 } ?? 0, because: reason, at: now, wall: Clock.wallMicroseconds)
    complain("the supervisor (pid \(brain.pid)) died: \(reason). The programs keep running; starting a new one")
    if let safe = health.safeMode {
      complain("\(safe.reason). Next try in \(pause / Clock.second) s, \(wasSafe ? "still " : "")in safe mode")
    }
    restartAt = now + pause
  }

  private func refusedForGood(_ reason: String) -> Int32? {
    lastDeath = reason
    // A `pup run` that has taken over nothing yet: what it found is as it was.
    if !hasSupervised, runs.isEmpty {
      complain(
        "nothing was started: \(reason). Pup's programs have to fit each other, and what an earlier Pup has left: install the version that "
          + "wrote it, or end its programs with that one")
      return BrainMessage.refusalExitCode
    }
    restartAt = nil
    let text =
      "no supervisor is in charge, and none is started again: \(reason). The programs keep running. Install the version of Pup that fits and "
      + "run pup upgrade, or stop everything: kill \(getpid())"
    complain(text)
    installation.leaveNote(text, InstanceFiles.refusal)
    return nil
  }

  /// Ends one that is of no use before it has taken over.
  func refuse(_ brain: Brain, _ reason: String, isFinal: Bool) {
    complain("\(reason); ending it")
    brain.isRefused = true
    brain.lastWords = reason
    if isFinal { brain.refusal = reason }
    brain.signal(SIGKILL)
  }
}
