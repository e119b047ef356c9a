package import PupCore
internal import PupSystem

extension Store {
  /// Replaces all decisions of operators. If several are pending, the newest wins.
  /// - Parameter then: `delayed` if it is not in the file yet.
  package func saveDesired(_ states: [DesiredState], then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.desired(states, WallTime(microseconds: Clock.wallMicroseconds)), then: then)
  }

  /// False if all decisions so far are in the file, or were refused: there is nothing to ask.
  package var mayHaveUnsavedDecisions: Bool { mailbox.hasImportant }

  /// Whether all decisions so far are in the file; otherwise the reason why not yet.
  package func checkDesired(then: @escaping @Sendable (StoreError?) -> Void) {
    askWorker(
      { (worker) throws(StoreError) in worker.unsavedDecisions },
      then: { result in
        switch result {
        case .success(let trouble): then(trouble)
        case .failure(let error): then(error)
        }
      })
  }

  /// The decisions in force. Blocking: only for use before the loops run.
  package func loadDesired() throws(StoreError) -> [StandingDecision] {
    try waitFor { (worker) throws(StoreError) in try worker.ask { (database) throws(StoreError) in try database.desired() } }
  }

  package func desired(then: @escaping @Sendable (Result<[StandingDecision], StoreError>) -> Void) {
    ask({ (database) throws(StoreError) in try database.desired() }, then: then)
  }
}
