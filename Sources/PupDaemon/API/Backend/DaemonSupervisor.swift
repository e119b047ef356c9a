internal import PupAPI
internal import PupCore
internal import PupLogs
internal import PupWeb

struct DaemonSupervisor: SupervisorBackend {
  let daemon: Daemon

  func state(_ answer: @escaping @Sendable (ApplicationState) -> Void) {
    daemon.ask { $0.listings.applicationState(answer) }
  }

  func readiness(_ answer: @escaping @Sendable (PupError?) -> Void) {
    daemon.ask { brain in
      let condition = brain.listings.condition
      answer(condition.isReady ? nil : PupError(.unavailable, "Pup is \(condition.word)"))
    }
  }

  func metrics(_ answer: @escaping @Sendable (String) -> Void) {
    daemon.ask { $0.listings.metrics(answer) }
  }

  func terminate(by consumer: String, accepted: @escaping @Sendable (String?) -> Void) {
    daemon.ask { $0.ending.terminate(by: consumer, accepted: accepted) }
  }

  func reload(by consumer: String, answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void) {
    answer(
      .failure(
        PupError(.notImplemented, "the configuration is read at 'pup run' only in this version; nothing was changed")))
  }
}
