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
    case failed(Failure)
  }

  /// Why it will not happen.
  package enum Failure: Hashable, Sendable {
    case notConfigured
    case terminating(by: Cause)
    case started(by: Cause)
    case restarted(by: Cause)
    case stopped(by: Cause)
    case blocked(by: Cause)
    /// The start that was promised met an obstacle.
    case refused(Obstacle)
    /// The run has failed, or did not come about; how, in the words of its process.
    case ended(String)

    package var words: String {
      switch self {
      case .notConfigured: Obstacle.notConfigured.words
      case .terminating(let cause): Obstacle.terminating(by: cause).words
      case .started(let cause): "started in the meantime by \(cause.words)"
      case .restarted(let cause): "restarted in the meantime by \(cause.words)"
      case .stopped(let cause): "stopped in the meantime by \(cause.words)"
      case .blocked(let cause): "blocked in the meantime by \(cause.words)"
      case .refused(let obstacle): "not started: \(obstacle.words)"
      case .ended(let text): text
      }
    }
  }

  package func verdict(on outlook: Outlook?) -> Verdict {
    switch self {
    case .running(let generation): Self.start(generation, outlook)
    case .over(let generation): Self.stop(generation, outlook)
    }
  }

  private static func start(_ generation: UInt32, _ outlook: Outlook?) -> Verdict {
    guard let outlook else { return .failed(.notConfigured) }
    guard outlook.generation >= generation else {
      return outlook.promisedBy == nil ? .failed(whyGivenUp(outlook)) : .open
    }
    if let shown = outlook.shownRun, shown < generation { return outlook.lastFailure.map { .failed(.ended($0)) } ?? .met }
    switch outlook.state {
    case .starting: return .open
    case .running: return .met
    case .stopping, .finished:
      // A run that ended by itself did run, even if too briefly to be observed.
      guard let cause = outlook.endedBy else { return .met }
      if let terminatedBy = outlook.terminatedBy { return .failed(.terminating(by: terminatedBy)) }
      if let promisedBy = outlook.promisedBy { return .failed(.restarted(by: promisedBy)) }
      return .failed(.stopped(by: cause))
    case .created, .errored, .exhausted, .mixed: return .failed(.ended(outlook.explanation))
    }
  }

  private static func stop(_ generation: UInt32, _ outlook: Outlook?) -> Verdict {
    guard let outlook, let oldest = outlook.oldestRun, oldest <= generation else { return .met }
    // Only with `overrun`: otherwise a start waits until the stopped run has ended.
    guard outlook.generation <= generation else { return .failed(.started(by: outlook.startedBy ?? .program)) }
    return .open
  }

  /// Why a promised start has been abandoned.
  private static func whyGivenUp(_ outlook: Outlook) -> Failure {
    if let cause = outlook.terminatedBy { return .terminating(by: cause) }
    if let cause = outlook.heldBy { return .stopped(by: cause) }
    if let cause = outlook.blockedBy { return .blocked(by: cause) }
    return outlook.obstacle.map { .refused($0) } ?? .ended(outlook.explanation)
  }
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
