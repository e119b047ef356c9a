internal import Glibc
internal import PupSystem

/// Stopping without a brain: TERM, the deadline that each run's specification recorded, KILL.
final class StopWithoutBrain {
  /// A brain that was asked to stop everything has to answer within this time.
  private static let patience = 5 * Clock.second

  private let installation: Installation
  private let runs: RunRegistry
  private let trees: TreeControl
  private let brains: BrainWatch
  private let requests: SignalRequests
  private var isUnderWay = false

  init(
    installation: Installation, runs: RunRegistry, trees: TreeControl, brains: BrainWatch, requests: SignalRequests
  ) {
    (self.installation, self.runs, self.trees) = (installation, runs, trees)
    (self.brains, self.requests) = (brains, requests)
  }

  var deadline: Int64? {
    guard isUnderWay else {
      guard requests.isStopping else { return nil }
      return max(requests.askedAt, brains.link.brain?.lastBeat ?? 0) + Self.patience
    }
    return runs.entries.values.compactMap { $0.stopping?.deadline }.min()
  }

  /// - Returns: whether everything has ended.
  func tick(_ now: Int64) -> Bool {
    guard requests.isStopping else { return false }
    if !isUnderWay {
      guard let deadline, deadline <= now else { return false }
      begin()
    }
    var isAnyLive = false
    for (key, entry) in runs.entries where entry.isLive {
      isAnyLive = true
      guard var plan = entry.stopping else { continue }
      if let signal = plan.step(now) { trees.signal(key, signal, .tree) }
      runs[key]?.stopping = plan
    }
    if !isAnyLive { removeSharedFiles() }
    return !isAnyLive
  }

  private func begin() {
    complain("no supervisor has answered for 5 s; stopping the programs without one")
    isUnderWay = true
    brains.giveUp()
    for (key, entry) in runs.entries where entry.isLive {
      // Both spans began when the stop was asked for.
      runs[key]?.stopping = StopPlan(
        askedAt: requests.askedAt, grace: entry.graceNanoseconds, timeout: entry.timeoutNanoseconds)
    }
  }

  /// Otherwise the brain's last act.
  private func removeSharedFiles() {
    let arguments = installation.arguments
    InstanceRemoval.remove(runtime: arguments.runtime, temporary: installation.temporaryFolder ?? "")
    // Nothing is left that a later one would have to look for.
    if arguments.lock >= 0 { InstanceLockFile.writeEnded(arguments.lock) }
  }
}
