package import PupAPI
package import PupCore

/// The same form no matter who reads the history: the supervisor for a client, or the command line if Pup is not running.
extension HistoryEntry {
  package init(_ transition: Transition) {
    self.init(
      time: ISODate(microseconds: transition.time.microseconds), processId: transition.process.text,
      old: transition.old.map { APIProcessState($0) }, new: APIProcessState(transition.new), actor: transition.actor.words,
      cause: transition.reason)
    pid = transition.pid
    switch transition.exit {
    case .exited(let code): self.code = code
    case .signaled(let number, _): signal = SignalName.of(number)
    case .unknown, nil: break
    }
    outOfMemory = transition.ranOutOfMemory
    restarts = transition.restarts
    userSeconds = transition.usage.map { Double($0.userMicroseconds) / 1_000_000 }
    systemSeconds = transition.usage.map { Double($0.systemMicroseconds) / 1_000_000 }
    peakMemory = transition.usage?.peakBytes
  }
}

extension APIProcessState {
  /// The numbers are the same: both are defined by the contract.
  package init(_ state: ProcessState) { self = APIProcessState(rawValue: state.rawValue) ?? .created }
}
