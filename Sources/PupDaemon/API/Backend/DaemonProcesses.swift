internal import PupAPI
internal import PupCore
internal import PupWeb

struct DaemonProcesses: ProcessBackend {
  let daemon: Daemon

  func list(_ answer: @escaping @Sendable ([ProcessEntry]) -> Void) {
    daemon.ask { $0.listings.list(answer) }
  }

  func perform(
    _ action: ProcessAction, on target: ActionTarget, by consumer: String, wait: Int?,
    answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    daemon.ask { brain in
      let target: Command.Target =
        switch target {
        case .all: .all
        case .process(let id): .one(ProcessID(id))
        }
      brain.clients.act(action, on: target, by: consumer, wait: wait, answer)
    }
  }
}
