/// The states that clients see; the numbers are part of the interface (`ApiProcessState`). "Blocked" is a flag beside the state.
public enum APIProcessState: Int32, Hashable, Sendable, CaseIterable {
  /// It has never run.
  case created = 0
  /// It is being started, or not ready yet.
  case starting = 100
  /// It runs.
  case running = 200
  /// It has been asked to end.
  case stopping = 250
  /// It ended with code 0, or because it was asked to.
  case finished = 300
  /// It ended otherwise.
  case errored = 400
  /// It failed as often as its limit allows, and stays down.
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
