internal import PupAPI
internal import PupCore
internal import PupStore
internal import PupSystem

/// What could not be written down is said to whoever decided it, and once more at the end.
extension Daemon {
  /// A disk may hang; nobody waits longer for it.
  private static let patience: Int64 = 2_000_000_000

  /// Adds to what came of an action that the decision in it is not on disk, where that is so.
  func addingTrouble(
    to answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) -> @Sendable (Result<ActionResult, PupError>) -> Void {
    { [weak self] result in
      guard let self, case .success(let done) = result else { return answer(result) }
      self.assumeIsolated { daemon in
        daemon.checkDecisions { trouble in
          guard let trouble else { return answer(result) }
          let message = [done.message, trouble].compactMap(\.self).joined(separator: "; ")
          answer(.success(ActionResult(done.outcome, message: message)))
        }
      }
    }
  }

  /// - Parameter told: on the control loop: what is wrong; nil where everything is on disk.
  private func checkDecisions(_ told: @escaping @Sendable (String?) -> Void) {
    // In safe mode they are written at the end.
    guard let surface, !surface.isSafe else { return told(nil) }
    guard let store = surface.store else {
      return told("this is not kept, since the database could not be opened: it ends with this Pup; Pup's log says why")
    }
    saveDesiredStates()
    // Most actions decide nothing new.
    guard store.mayHaveUnsavedDecisions else { return told(nil) }
    let once = Once(told)
    let timer = loop.schedule(at: loop.now + Self.patience) { once.call(Self.notOnDisk("the disk takes long")) }
    store.checkDesired { [loop] error in
      loop.post {
        loop.cancel(timer)
        once.call(error.map { Self.notOnDisk("\($0)") })
      }
    }
  }

  private static func notOnDisk(_ reason: String) -> String {
    "this is not on disk yet, and is forgotten if Pup ends before it is: \(reason)"
  }

  /// Before everything is stopped: what is lost with this Pup, where its database cannot be written.
  /// - Parameter done: on the control loop; nil where nothing is lost.
  func settleStore(_ done: @escaping @Sendable (String?) -> Void) {
    guard let store = surface?.store, store.counters.isFailing else { return done(nil) }
    let once = Once(done)
    let timer = loop.schedule(at: loop.now + Self.patience) {
      once.call(Self.lost(StoreLeftovers(hasDecisions: true, hasRevocations: true)))
    }
    store.settle { [loop] leftovers in
      loop.post {
        loop.cancel(timer)
        once.call(Self.lost(leftovers))
      }
    }
  }

  private static func lost(_ leftovers: StoreLeftovers) -> String? {
    var parts: [String] = []
    if leftovers.hasDecisions {
      parts.append(
        "what was stopped, started, blocked or unblocked by hand last is forgotten, and counts no more at the next start")
    }
    if leftovers.hasRevocations {
      parts.append("revoked tokens stay dead: a new secret is made, so every other token ends as well")
    }
    return parts.isEmpty ? nil : "the database cannot be written to the end: \(parts.joined(separator: "; "))"
  }
}
