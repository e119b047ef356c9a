/// What has been decided about a process's runs, for a client that waits for a start or a stop.
package struct Outlook: Hashable, Sendable {
  package var state: ProcessState
  /// The number of the newest run; 0 before the first.
  package var generation: UInt32
  /// The number of the oldest run of which something is left.
  package var oldestRun: UInt32?
  /// The number of the run that `state` describes, if it is alive. With `overrun`, an older one may have outlived the newest.
  package var shownRun: UInt32?
  /// Who requested the start that follows once the live runs have ended.
  package var promisedBy: Cause?
  /// Who requested the newest run's start.
  package var startedBy: Cause?
  /// Who requested the end of the run that `state` describes; nil if it is alive or ended by itself.
  package var endedBy: Cause?
  /// How the last run ended, in words, unless it was a success.
  package var lastFailure: String?
  package var heldBy: Cause?
  package var blockedBy: Cause?
  /// Who requested that everything be stopped, if someone did.
  package var terminatedBy: Cause?
  /// Why nothing may start now.
  package var obstacle: Obstacle?
  package var explanation: String

  package init(state: ProcessState, generation: UInt32, explanation: String = "") {
    self.state = state
    self.generation = generation
    self.explanation = explanation
  }
}

extension Supervisor {
  /// Nil for a process that no longer exists.
  package func outlook(of id: ProcessID) -> Outlook? {
    guard let number = numbers[id], let machine = machines[number], let now = lastMoment else { return nil }
    return machine.outlook(Step(now: now, terminating: terminating))
  }
}

extension ProcessMachine {
  func outlook(_ step: Step) -> Outlook {
    var outlook = Outlook(state: shownState, generation: generation, explanation: explanation(at: step.now))
    var runs = kept
    outlook.endedBy = lastEnd?.wish
    if lastEnd?.isError == true { outlook.lastFailure = "failed: \(endWords)" }
    if case .up(let up) = state {
      runs += up.runs
      outlook.shownRun = up.runs.last?.key.generation
      outlook.endedBy = up.runs.last?.wish
      if case .start(let actor) = up.follow { outlook.promisedBy = actor }
    }
    outlook.oldestRun = runs.map(\.key.generation).min()
    outlook.startedBy = startedBy
    outlook.heldBy = heldBy
    outlook.blockedBy = blockedBy
    outlook.terminatedBy = step.terminating
    outlook.obstacle = obstacle(step)
    return outlook
  }
}
