/// The states that clients see; the numbers are part of the interface (`ApiProcessState`). "Blocked" is a separate flag.
public enum APIProcessState: Int32, Hashable, Sendable, CaseIterable {
  /// It has never run.
  case created = 0
  /// It is being started or not ready yet.
  case starting = 100
  /// It is running.
  case running = 200
  /// It has been asked to stop.
  case stopping = 250
  /// It ended with code 0, or because it was asked to stop.
  case finished = 300
  /// It ended in any other way.
  case errored = 400
  /// It failed as often as its restart limit allows and stays stopped.
  case exhausted = 450
  /// A cluster whose members are in different states.
  case mixed = 500

  /// The name in events and listings; ERRORED is "failed".
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
