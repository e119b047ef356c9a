/// One process: which of its runs are alive, and what comes next.
///
/// One state machine, in a file for each kind of input. It is not split further, because every input may meet every state.
struct ProcessMachine: Sendable {
  /// How the last run ended.
  enum Outcome: UInt8, Hashable, Sendable {
    case created
    case finished
    case errored
    case exhausted
  }

  struct PendingStart: Hashable, Sendable {
    var at: Instant
    var reason: Cause
  }

  /// What happens when the newest live run has ended.
  enum Follow: Hashable, Sendable {
    /// The restart policy decides.
    case policy
    /// A start is due whatever the run does: a file changed or, with `overrun`, a newer run failed.
    case due(PendingStart)
    /// The runs are being stopped in order to start again.
    case start(Cause)
  }

  struct Up: Hashable, Sendable {
    /// Oldest first, never empty. More than one only with `overrun`, or while kept leftovers are being stopped.
    var runs: [Run]
    var follow: Follow
  }

  enum State: Hashable, Sendable {
    /// Nothing runs, and nothing but an event will start it.
    case down(Outcome)
    /// Nothing runs; a start is due.
    case waiting(Outcome, PendingStart)
    case up(Up)
  }

  /// A cron schedule's next time, and how far it has been followed.
  struct Slot: Hashable, Sendable {
    var next: WallTime?
    /// The calendar time at which it last fired: no earlier time on its schedule is outstanding.
    var followedTo: WallTime?
  }

  var definition: ProcessDefinition
  /// No longer in the configuration, but with survivors.
  var isOrphan = false
  var state = State.down(.created)
  /// Ended runs whose leftovers are left alone, oldest first.
  var kept: [Run] = []
  var generation: UInt32 = 0
  var restarts = 0
  var heldBy: Cause?
  var blockedBy: Cause?
  var lastEnd: RunEnd?
  var startedBy: Cause?
  var started: WallTime?
  /// When this supervisor requested the newest run; nil for one that it took over.
  var askedForAt: Instant?
  var watchLoop = WatchLoop()
  var exited: WallTime?
  var updated = WallTime(microseconds: 0)
  var cron = Slot()
  var terminateCron = Slot()
  /// The state last reported to listeners.
  var announced = ProcessState.created

  init(definition: ProcessDefinition) { self.definition = definition }

  var id: ProcessID { definition.id }
  var policy: ProcessPolicy { definition.policy }
}

extension ProcessMachine {
  var runCount: Int {
    switch state {
    case .down, .waiting: kept.count
    case .up(let up): up.runs.count + kept.count
    }
  }

  var shownState: ProcessState {
    switch state {
    case .down(let outcome), .waiting(let outcome, _): outcome.state
    case .up(let up): up.runs.last?.shownState ?? .finished
    }
  }

  var pendingStart: PendingStart? {
    switch state {
    case .waiting(_, let pending): pending
    case .up(let up):
      if case .due(let pending) = up.follow { pending } else { nil }
    case .down: nil
    }
  }

  var bootDeadline: Instant? {
    var earliest = pendingStart?.at
    func consider(_ run: Run) {
      guard let deadline = run.deadline else { return }
      earliest = min(earliest ?? deadline, deadline)
    }
    if case .up(let up) = state { for run in up.runs { consider(run) } }
    for run in kept { consider(run) }
    return earliest
  }

  var wallDeadline: WallTime? {
    guard let next = cron.next else { return terminateCron.next }
    return min(next, terminateCron.next ?? next)
  }

  var desired: DesiredState { DesiredState(id: id, heldBy: heldBy, blockedBy: blockedBy) }

  /// Reports a new state to listeners, once.
  mutating func announce(_ actor: Cause, _ step: inout Step) {
    let new = shownState
    guard new != announced else { return }
    let old = announced
    announced = new
    updated = step.now.wall
    step.effects.append(.event(.stateChanged(old: old, new: new, status: status(at: step.now), actor: actor)))
  }
}

extension ProcessMachine {
  /// Reports an operator's decision that changes no state: it belongs in the history and explains what happens later.
  mutating func announceDecision(_ actor: Cause, _ step: inout Step) {
    updated = step.now.wall
    step.effects.append(.event(.flagChanged(status: status(at: step.now), actor: actor)))
  }
}

extension ProcessMachine.Outcome {
  var state: ProcessState {
    switch self {
    case .created: .created
    case .finished: .finished
    case .errored: .errored
    case .exhausted: .exhausted
    }
  }
}

extension ProcessMachine.Up {
  var isEnding: Bool { runs.allSatisfy(\.isEnding) }
}
