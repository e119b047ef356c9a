internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupSystem

/// Actions of clients, and waiting for their end.
extension Daemon {
  func act(
    _ action: ProcessAction, on target: Command.Target, by consumer: String, wait: Int?,
    _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    switch phase {
    // While everything is being stopped too: the core refuses what cannot be, and says who asked for the end.
    case .supervising: break
    // Not "try again": the next one that answers here is another Pup.
    case .leaving: return answer(.failure(PupError(.refused, "everything has been stopped\(endedBy), and Pup is ending")))
    default: return answer(.failure(PupError(.unavailable, "Pup is \(condition.word); try again in a moment")))
    }
    let answer = addingTrouble(to: answer)
    submit(action.command, target, actor: .consumer(consumer)) { [weak self] result in
      self?.assumeIsolated { $0.acted(action, target, wait, result, answer) }
    }
  }

  private var endedBy: String { supervisor.terminatedBy.map { " (requested by \($0.words))" } ?? "" }

  private func acted(
    _ action: ProcessAction, _ target: Command.Target, _ wait: Int?, _ result: CommandAnswer,
    _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    switch result {
    case .unknownProcess(let text): answer(.failure(PupError(.unknownProcess, text + suggestion(for: target))))
    case .refused(let obstacle): answer(.failure(PupError(.refused, obstacle.words)))
    case .accepted:
      guard let wait else { return answer(.success(ActionResult(.accepted))) }
      follow(action, target, seconds: wait, unchanged: nil, answer)
    case .unchanged(let why):
      guard let wait else { return answer(.success(ActionResult(.unchanged, message: why.words))) }
      follow(action, target, seconds: wait, unchanged: why.words, answer)
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
    var awaited: [ProcessID: Awaited] = [:]
    for id in addressed(by: target) { awaited[id] = supervisor.awaited(after: action.command, of: id) }
    if awaited.isEmpty {
      return answer(.success(unchanged.map { ActionResult(.unchanged, message: $0) } ?? ActionResult(.done)))
    }
    guard waiting.add(awaited, seconds: seconds, answer) else {
      return answer(.failure(PupError(.unavailable, "accepted, but too many clients wait already; look at the process's state")))
    }
  }

  /// For one who has waited in vain.
  func whyUnderWay(_ open: [ProcessID]) -> [String] {
    let states = open.map { id in supervisor.status(of: id, at: now).map { "\(id) is \($0.explanation)" } ?? "\(id)" }
    return [ProcessHold.ofKeeper(keeperPid)].compactMap(\.self) + states
  }

  private func addressed(by target: Command.Target) -> [ProcessID] {
    switch target {
    case .all: supervisor.statuses.map(\.id)
    case .one(let id): supervisor.members(of: id) ?? [id]
    }
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
