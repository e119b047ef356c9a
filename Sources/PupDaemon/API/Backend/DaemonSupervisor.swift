internal import PupAPI
internal import PupCore
internal import PupLogs
internal import PupWeb

struct DaemonSupervisor: SupervisorBackend {
  let daemon: Daemon

  func state(_ answer: @escaping @Sendable (ApplicationState) -> Void) {
    daemon.onControl { $0.applicationState(answer) }
  }

  func readiness(_ answer: @escaping @Sendable (PupError?) -> Void) {
    daemon.onControl { daemon in
      let condition = daemon.condition
      answer(condition.isReady ? nil : PupError(.unavailable, "Pup is \(condition.word)"))
    }
  }

  func metrics(_ answer: @escaping @Sendable (String) -> Void) {
    daemon.onControl { daemon in
      daemon.withFreshUsage { [weak daemon] in daemon?.assumeIsolated { answer($0.metricsText()) } }
    }
  }

  func terminate(by consumer: String, accepted: @escaping @Sendable (String?) -> Void) {
    daemon.onControl { daemon in
      daemon.settleStore { [weak daemon] loss in
        daemon?.assumeIsolated { daemon in
          if let loss { daemon.log(.error, .store, loss) }
          daemon.terminate(by: .consumer(consumer))
          accepted(loss)
        }
      }
    }
  }

  func reload(by consumer: String, answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void) {
    answer(
      .failure(
        PupError(.notImplemented, "the configuration is read at 'pup run' only in this version; nothing was changed")))
  }
}
