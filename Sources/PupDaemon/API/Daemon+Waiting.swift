internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupSystem

/// Actions of clients, and waiting for their end.
extension Daemon {
  /// So many clients may wait at once.
  private static let mostWaiters = 4096

  func act(
    _ action: ProcessAction, on target: Command.Target, by consumer: String, wait: Int?,
    _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    guard case .supervising = phase, !supervisor.isTerminating else {
      return answer(.failure(PupError(.unavailable, "Pup is \(phaseWord); try again in a moment")))
    }
    submit(action.command, target, actor: .consumer(consumer)) { [weak self] result in
      self?.assumeIsolated { $0.acted(action, target, wait, result, answer) }
    }
  }

  private func acted(
    _ action: ProcessAction, _ target: Command.Target, _ wait: Int?, _ result: CommandAnswer,
    _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    switch result {
    case .unknownProcess(let text): answer(.failure(PupError(.unknownProcess, text + suggestion(for: target))))
    case .refused(let why): answer(.failure(PupError(.refused, why)))
    case .accepted:
      guard let wait else { return answer(.success(ActionResult(.accepted))) }
      follow(action, target, seconds: wait, unchanged: nil, answer)
    case .unchanged(let why):
      guard let wait else { return answer(.success(ActionResult(.unchanged, message: why))) }
      follow(action, target, seconds: wait, unchanged: why, answer)
    }
  }

  /// For routes that know processes only.
  func unknownProcess(_ id: String) -> PupError {
    if let members = supervisor.members(of: ProcessID(id)) {
      let names = members.prefix(3).map(\.text).joined(separator: ", ")
      return PupError(
        .unknownProcess, "`\(id)` is a cluster; ask for one of its members: \(names)\(members.count > 3 ? " …" : "")")
    }
    return PupError(.unknownProcess, "no process is called `\(id)`\(suggestion(for: .one(ProcessID(id))))")
  }

  private func suggestion(for target: Command.Target) -> String {
    guard case .one(let id) = target, let configuration else { return "" }
    let known = configuration.processes.map(\.id.text) + configuration.clusters.map(\.id.text)
    return NearestName.find(id.text, among: known).map { "; did you mean `\($0)`?" } ?? ""
  }

  private func follow(
    _ action: ProcessAction, _ target: Command.Target, seconds: Int, unchanged: String?,
    _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    var waiter = Waiter(action, answer)
    for id in addressed(by: target) where isUnderWay(action, id) {
      waiter.open.insert(id)
      if let state = supervisor.state(of: id), state == .starting { waiter.starting.insert(id) }
    }
    if waiter.open.isEmpty {
      return answer(.success(unchanged.map { ActionResult(.unchanged, message: $0) } ?? ActionResult(.done)))
    }
    guard waiters.count < Self.mostWaiters else {
      return answer(.failure(PupError(.unavailable, "accepted, but too many clients wait already; look at the process's state")))
    }
    let number = nextWaiter
    nextWaiter += 1
    waiter.timer = loop.schedule(at: Clock.boot + Int64(seconds) * 1_000_000_000) { [weak self] in
      self?.assumeIsolated { $0.giveUp(number) }
    }
    waiters[number] = waiter
  }

  /// Whether a process is on its way to what was asked for.
  private func isUnderWay(_ action: ProcessAction, _ id: ProcessID) -> Bool {
    guard let status = supervisor.status(of: id) else { return false }
    switch (action, status.state) {
    case (.stop, .starting), (.stop, .running), (.stop, .stopping): return true
    case (.start, .starting), (.start, .stopping), (.restart, .starting), (.restart, .stopping): return true
    // An old run that has not been signalled yet; with a grace period it is left in peace for a while.
    case (.restart, .running): return status.pendingReason != nil
    default: return false
    }
  }

  private func addressed(by target: Command.Target) -> [ProcessID] {
    switch target {
    case .all: supervisor.statuses.map(\.id)
    case .one(let id): supervisor.members(of: id) ?? [id]
    }
  }

  /// After each transition.
  func settleWaiters(_ event: Event) {
    guard !waiters.isEmpty, case .stateChanged(_, let new, let status, _) = event else { return }
    for (number, waiter) in waiters where waiter.open.contains(status.id) {
      var waiter = waiter
      waiter.note(status, new)
      waiters[number] = waiter
      guard waiter.open.isEmpty else { continue }
      waiters[number] = nil
      if let timer = waiter.timer { loop.cancel(timer) }
      waiter.answer(waiter.result)
    }
  }

  private func giveUp(_ number: Int) {
    guard let waiter = waiters.removeValue(forKey: number) else { return }
    let rest = waiter.open.sorted().prefix(5).map { id in
      supervisor.status(of: id, at: now).map { "\(id) is \($0.explanation)" } ?? "\(id)"
    }
    waiter.answer(.success(ActionResult(.pending, message: rest.joined(separator: "; "))))
  }
}

extension ProcessAction {
  var command: Command.Action {
    switch self {
    case .start: .start
    case .stop: .stop
    case .restart: .restart
    case .block: .block
    case .unblock: .unblock
    }
  }
}
