internal import PupAPI
internal import PupCore
internal import PupWeb

struct DaemonProcesses: ProcessBackend {
  let daemon: Daemon

  func list(_ answer: @escaping @Sendable ([ProcessEntry]) -> Void) {
    daemon.onControl { daemon in
      daemon.withFreshUsage { [weak daemon] in daemon?.assumeIsolated { answer($0.entries()) } }
    }
  }

  func perform(
    _ action: ProcessAction, on target: ActionTarget, by consumer: String, wait: Int?,
    answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    daemon.onControl { daemon in
      let target: Command.Target =
        switch target {
        case .all: .all
        case .process(let id): .one(ProcessID(id))
        }
      daemon.act(action, on: target, by: consumer, wait: wait, answer)
    }
  }
}
