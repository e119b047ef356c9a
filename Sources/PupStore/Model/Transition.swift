package import PupCore

/// One change of a process's state, with its cause.
package struct Transition: Hashable, Sendable {
  package var time: WallTime
  package var process: ProcessID
  /// The run it belongs to; nil if there is none (a process that has just been configured).
  package var generation: UInt32?
  /// Nil for a process that has just been created.
  package var old: ProcessState?
  package var new: ProcessState
  package var actor: Cause
  package var pid: Int32?
  /// How the run ended, for transitions caused by the end of a run.
  package var exit: ExitStatus?
  /// The kernel's OOM killer ended the run.
  package var ranOutOfMemory = false
  package var usage: ResourceUsage?
  package var restarts = 0
  /// One sentence for people; longer ones are cut at `longestReason` bytes.
  package var reason = ""

  package static let longestReason = 1000

  package init(time: WallTime, process: ProcessID, old: ProcessState?, new: ProcessState, actor: Cause) {
    self.time = time
    self.process = process
    self.old = old
    self.new = new
    self.actor = actor
  }

  /// The transition, or the decision, that an event reports. A decision that changes no state goes from that state to itself. Nil
  /// for events of another kind.
  package init?(_ event: Event, generation: UInt32?, usage: ResourceUsage? = nil, ranOutOfMemory: Bool = false) {
    let (old, new, status, actor): (ProcessState?, ProcessState, ProcessStatus, Cause)
    switch event {
    case .stateChanged(let before, let after, let now, let cause): (old, new, status, actor) = (before, after, now, cause)
    case .flagChanged(let now, let cause): (old, new, status, actor) = (now.state, now.state, now, cause)
    case .scheduled, .terminateScheduled, .watchTriggered: return nil
    }
    self.init(time: status.updated, process: status.id, old: old, new: new, actor: actor)
    self.generation = generation
    self.usage = usage
    self.ranOutOfMemory = ranOutOfMemory
    pid = status.pid
    restarts = status.restarts
    reason = status.explanation
    // The status keeps the last exit through the next start; it belongs to the transition that it caused.
    if new == .finished || new == .errored || new == .exhausted { exit = status.lastExit }
  }
}
