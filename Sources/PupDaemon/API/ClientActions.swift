internal import PupAPI
internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupSystem

/// Actions of clients, and waiting for their end. Belongs to the control loop.
final class ClientActions {
  private let loop: EventLoop
  private let state: BrainState
  private let keeper: KeeperSession
  private let supervision: Supervision
  private let decisions: OperatorDecisions
  private let listings: Listings
  private let waiting: WaitingClients
  /// To commands that the core has and has not answered.
  private var answers: [UInt64: @Sendable (CommandAnswer) -> Void] = [:]
  private var nextCommand: UInt64 = 1

  init(
    on loop: EventLoop, _ state: BrainState, _ keeper: KeeperSession, _ supervision: Supervision, _ decisions: OperatorDecisions,
    _ listings: Listings
  ) {
    (self.loop, self.state, self.keeper, self.supervision) = (loop, state, keeper, supervision)
    (self.decisions, self.listings) = (decisions, listings)
    waiting = WaitingClients(on: loop)
    waiting.explain = { [weak self] open in self?.whyUnderWay(open) ?? [] }
  }

  // MARK: Commands

  func submit(
    _ action: Command.Action, _ target: Command.Target, actor: Cause, answer: @escaping @Sendable (CommandAnswer) -> Void
  ) {
    guard state.isSupervising else { return answer(.refused(.notSupervising)) }
    let number = nextCommand
    nextCommand += 1
    answers[number] = answer
    supervision.feed(.command(Command(number: number, action: action, target: target, actor: actor)))
  }

  /// The core has answered a command.
  func answer(_ number: UInt64, _ answer: CommandAnswer) { answers.removeValue(forKey: number)?(answer) }

  // MARK: Actions

  func act(
    _ action: ProcessAction, on target: Command.Target, by consumer: String, wait: Int?,
    _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    switch state.phase {
    // While everything is being stopped too: the core refuses what cannot be, and says who asked for the end.
    case .supervising: break
    // Not "try again": the next one that answers here is another Pup.
    case .leaving: return answer(.failure(PupError(.refused, "everything has been stopped\(endedBy), and Pup is ending")))
    default: return answer(.failure(PupError(.unavailable, "Pup is \(listings.condition.word); try again in a moment")))
    }
    let answer = decisions.addingTrouble(to: answer)
    let me = LoopBound(self, to: loop)
    loop.post {
      me {
        $0.submit(action.command, target, actor: .consumer(consumer)) { result in
          me { $0.acted(action, target, wait, result, answer) }
        }
      }
    }
  }

  private var endedBy: String { supervision.core.terminatedBy.map { " (requested by \($0.words))" } ?? "" }

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
    if let members = supervision.core.members(of: ProcessID(id)) {
      let names = members.prefix(3).map(\.text).joined(separator: ", ")
      return PupError(
        .unknownProcess, "`\(id)` is a cluster; ask for one of its members: \(names)\(members.count > 3 ? " …" : "")")
    }
    return PupError(.unknownProcess, "no process is called `\(id)`\(suggestion(for: .one(ProcessID(id))))")
  }

  private func suggestion(for target: Command.Target) -> String {
    guard case .one(let id) = target, let configuration = state.configuration else { return "" }
    let known = configuration.processes.map(\.id.text) + configuration.clusters.map(\.id.text)
    return NearestName.find(id.text, among: known).map { "; did you mean `\($0)`?" } ?? ""
  }

  // MARK: Waiting

  private func follow(
    _ action: ProcessAction, _ target: Command.Target, seconds: Int, unchanged: String?,
    _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    var awaited: [ProcessID: Awaited] = [:]
    for id in addressed(by: target) { awaited[id] = supervision.core.awaited(after: action.command, of: id) }
    if awaited.isEmpty {
      return answer(.success(unchanged.map { ActionResult(.unchanged, message: $0) } ?? ActionResult(.done)))
    }
    guard waiting.add(awaited, seconds: seconds, answer) else {
      return answer(.failure(PupError(.unavailable, "accepted, but too many clients wait already; look at the process's state")))
    }
  }

  /// These processes have changed.
  func settle(_ changed: [ProcessID]) { waiting.settle(changed) { supervision.core.outlook(of: $0) } }

  /// Something may be left of what is to end.
  func noteLeftover(_ text: String) { waiting.noteLeftover(text) }

  /// This brain makes way for another one, which does not know who waits.
  func giveUp() { waiting.giveUp() }

  /// For one who has waited in vain.
  private func whyUnderWay(_ open: [ProcessID]) -> [String] {
    let now = supervision.now
    let states = open.map { id in supervision.core.status(of: id, at: now).map { "\(id) is \($0.explanation)" } ?? "\(id)" }
    return [ProcessHold.ofKeeper(keeper.pid)].compactMap(\.self) + states
  }

  private func addressed(by target: Command.Target) -> [ProcessID] {
    switch target {
    case .all: supervision.core.statuses.map(\.id)
    case .one(let id): supervision.core.members(of: id) ?? [id]
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
