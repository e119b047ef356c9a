internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupStore

// The core's types as clients see them.

extension ISODate {
  init(_ time: WallTime) { self.init(microseconds: time.microseconds) }
}

extension ProcessInformation {
  init(_ status: ProcessStatus, configuration: ProcessConfiguration?) {
    var kind = Kind.process
    if case .worker = configuration?.program { kind = .worker }
    self.init(id: status.id.text, status: APIProcessState(status.state), updated: ISODate(status.updated), type: kind)
    pid = status.pid
    started = status.started.map { ISODate($0) }
    // How the run before ended stands in the history: a process that runs has not exited.
    if ![.starting, .running, .stopping].contains(status.state) {
      switch status.lastExit {
      case .exited(let code): self.code = code
      case .signaled(let number, _): signal = SignalName.of(number)
      case .unknown, nil: break
      }
      exited = status.exited.map { ISODate($0) }
    }
    blocked = status.blocked
    restarts = status.restarts
    pendingRestartReason = status.pendingReason?.words
    nextStart = status.nextStart.map { ISODate($0) }
    nextTerminate = status.nextTerminate.map { ISODate($0) }
    explanation = status.explanation
    cluster = configuration?.cluster?.id.text
  }

  /// A cluster, from its members.
  init(cluster id: ProcessID, state: ProcessState, members: [ProcessInformation]) {
    let updated = members.map(\.updated).max() ?? ISODate(microseconds: 0)
    self.init(id: id.text, status: APIProcessState(state), updated: updated, type: .cluster)
    blocked = !members.isEmpty && members.allSatisfy(\.blocked)
    restarts = members.reduce(0) { $0 + $1.restarts }
    started = members.compactMap(\.started).min()
    self.members = members.map(\.id)
    let running = members.count { $0.status == .running }
    explanation = "\(running) of \(members.count) members running"
  }
}
