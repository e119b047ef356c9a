/// The states that users and clients see; raw values are part of the REST contract (`ApiProcessState`).
package enum ProcessState: Int32, Sendable, CaseIterable {
  case created = 0
  case starting = 100
  case running = 200
  case stopping = 250
  case finished = 300
  case errored = 400
  case exhausted = 450
  case mixed = 500

  /// The word used in events and listings; ERRORED is "failed".
  package var word: String {
    switch self {
    case .created: "created"
    case .starting: "starting"
    case .running: "running"
    case .stopping: "stopping"
    case .finished: "finished"
    case .errored: "failed"
    case .exhausted: "exhausted"
    case .mixed: "mixed"
    }
  }
}
