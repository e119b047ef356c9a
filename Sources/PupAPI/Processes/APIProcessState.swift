/// The states that clients see; the numbers are part of the interface (`ApiProcessState`). "Blocked" is a flag beside the state.
public enum APIProcessState: Int32, Hashable, Sendable, CaseIterable {
  case created = 0
  case starting = 100
  case running = 200
  case stopping = 250
  case finished = 300
  case errored = 400
  case exhausted = 450
  /// A cluster whose members differ.
  case mixed = 500

  /// As events and listings name it; ERRORED is "failed".
  public var word: String {
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

extension APIProcessState: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.value(rawValue) }
}
