/// What a client that requested a start or a stop waits for, in order to be notified as soon as it is decided.
package enum Awaited: Hashable, Sendable {
  /// This run or a later one is executing.
  case running(from: UInt32)
  /// Nothing is left of this run and earlier ones.
  case over(upTo: UInt32)

  package enum Verdict: Hashable, Sendable {
    /// Not decided yet.
    case open
    case met
    /// It will not happen, for this reason.
    case failed(String)
  }

  package func verdict(on outlook: Outlook?) -> Verdict {
    switch self {
    case .running(let generation): Self.start(generation, outlook)
    case .over(let generation): Self.stop(generation, outlook)
    }
  }

  private static func start(_ generation: UInt32, _ outlook: Outlook?) -> Verdict {
    guard let outlook else { return .failed(Obstacle.notConfigured.words) }
    guard outlook.generation >= generation else {
      return outlook.promisedBy == nil ? .failed(whyGivenUp(outlook)) : .open
    }
    if let shown = outlook.shownRun, shown < generation { return outlook.lastFailure.map { .failed($0) } ?? .met }
    switch outlook.state {
    case .starting: return .open
    case .running: return .met
    case .stopping, .finished:
      // A run that ended by itself did run, even if too briefly to be observed.
      guard let actor = outlook.endedBy else { return .met }
      if let terminatedBy = outlook.terminatedBy { return .failed(terminating(terminatedBy)) }
      if let promisedBy = outlook.promisedBy { return .failed("restarted in the meantime by \(promisedBy.words)") }
      return .failed("stopped in the meantime by \(actor.words)")
    case .created, .errored, .exhausted, .mixed: return .failed(outlook.explanation)
    }
  }

  private static func stop(_ generation: UInt32, _ outlook: Outlook?) -> Verdict {
    guard let outlook, let oldest = outlook.oldestRun, oldest <= generation else { return .met }
    // Only with `overrun`: otherwise a start waits until the stopped run has ended.
    guard outlook.generation <= generation else {
      return .failed("started in the meantime by \((outlook.startedBy ?? .program).words)")
    }
    return .open
  }

  /// Why a promised start has been abandoned.
  private static func whyGivenUp(_ outlook: Outlook) -> String {
    if let actor = outlook.terminatedBy { return terminating(actor) }
    if let actor = outlook.heldBy { return "stopped in the meantime by \(actor.words)" }
    if let actor = outlook.blockedBy { return "blocked in the meantime by \(actor.words)" }
    return outlook.obstacle.map { "not started: \($0.words)" } ?? outlook.explanation
  }

  private static func terminating(_ actor: Cause) -> String { Obstacle.terminating(by: actor).words }
}

extension Supervisor {
  /// What remains to be awaited after an action that was just carried out; nil if nothing does.
  package func awaited(after action: Command.Action, of id: ProcessID) -> Awaited? {
    guard let outlook = outlook(of: id) else { return nil }
    let awaited: Awaited
    switch action {
    case .block, .unblock: return nil
    case .stop: awaited = .over(upTo: outlook.generation)
    case .start, .restart:
      if outlook.promisedBy != nil {
        awaited = .running(from: outlook.generation + 1)
      } else if outlook.state == .starting {
        awaited = .running(from: outlook.generation)
      } else {
        return nil
      }
    }
    return awaited.verdict(on: outlook) == .open ? awaited : nil
  }
}
