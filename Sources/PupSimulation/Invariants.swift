internal import PupCore

/// What must hold whatever happens. It keeps its own, simpler account of wishes and runs and compares the core's doings with it.
struct Invariants {
  struct Account {
    var policy: ProcessPolicy
    /// The policy has been the same since this `pup run` began.
    var isStable = true
    /// At some time the policy was such that more than one run may live.
    var mayOverlap: Bool
    /// The longest that any policy in force so far allowed.
    var longestStop: Delay
    var held = false
    var blocked = false
    /// A refusal was told since the last start.
    var wasRefused = false
    var restartsInARow = 0
    var restartNotBefore: Instant?
    var stoppingSince: Instant?
    var lastCron: WallTime?

    init(_ policy: ProcessPolicy) {
      self.policy = policy
      mayOverlap = policy.overrun || policy.leftovers == .keep
      // Five seconds are what leftovers get.
      longestStop = max(policy.terminateTimeout, .seconds(5))
    }

    mutating func change(to new: ProcessPolicy) {
      guard new != policy else { return }
      let old = self
      self = Account(new)
      isStable = false
      mayOverlap = mayOverlap || old.mayOverlap
      longestStop = max(longestStop, old.longestStop)
      held = old.held
      blocked = old.blocked
    }
  }

  private(set) var accounts: [ProcessID: Account] = [:]
  private(set) var isTerminating = false
  /// By this brain.
  private var allStopped = 0
  /// Decided and saved, and not over.
  private var promised: Set<RunKey> = []
  private(set) var problem: String?

  init(definitions: [ProcessDefinition] = [], desired: [DesiredState] = []) {
    for definition in definitions { accounts[definition.id] = Account(definition.policy) }
    for wish in desired {
      accounts[wish.id]?.held = wish.heldBy != nil
      accounts[wish.id]?.blocked = wish.blockedBy != nil
    }
  }

  func isPromised(_ key: RunKey) -> Bool { promised.contains(key) }

  mutating func fail(_ message: String) {
    if problem == nil { problem = message }
  }

  mutating func removed(_ ids: [ProcessID], _ keeper: SimulatedKeeper) {
    for id in ids {
      accounts[id] = nil
      if keeper.entries(of: id).contains(where: { !$0.isTreeEmpty }) { fail("\(id) is forgotten while it lives") }
    }
  }

  mutating func brainReplaced(_ definitions: [ProcessDefinition]) {
    allStopped = 0
    for id in accounts.keys where !definitions.contains(where: { $0.id == id }) { accounts[id]?.isStable = false }
    for definition in definitions {
      accounts[definition.id, default: Account(definition.policy)].change(to: definition.policy)
      accounts[definition.id]?.stoppingSince = nil
    }
  }

  // MARK: - What the core decided, once it is saved

  mutating func decided(_ input: Input, _ effects: [Effect], _ definitions: [ProcessDefinition], _ now: Moment) {
    // A clock that was a day ahead was wrong: its schedule begins anew.
    for definition in definitions {
      guard let last = accounts[definition.id]?.lastCron, last.microseconds - now.wall.microseconds > 26 * 3600 * 1_000_000 else {
        continue
      }
      accounts[definition.id]?.lastCron = nil
    }
    noteWishes(input, effects, definitions)
    for effect in effects {
      switch effect {
      case .spawn(let key, let reason): decidedToSpawn(key, reason, now)
      case .release(let key):
        guard promised.remove(key) != nil else { break }
        var delay = accounts[key.id]?.policy.restartDelay ?? .zero
        if case .spawnFailed = input { delay = max(delay, .seconds(1)) }
        accounts[key.id]?.restartNotBefore = now.boot + delay
      case .refused(let id, let refusal):
        accounts[id]?.wasRefused = true
        if refusal.cause == .cron { accounts[id]?.lastCron = now.wall }
      case .event(.stateChanged(let old, let new, let status, _)):
        if old == new { fail("\(status.id) changed from \(new) to the same") }
        accounts[status.id]?.stoppingSince = new == .stopping ? now.boot : nil
        if status.explanation.isEmpty { fail("\(status.id) became \(new) without an explanation") }
      case .allStopped:
        allStopped += 1
        if allStopped > 1 || !isTerminating { fail("all stopped was said \(allStopped) times, terminating: \(isTerminating)") }
      case .signal, .log, .logChange, .event, .answer: break
      }
    }
  }

  private mutating func noteWishes(_ input: Input, _ effects: [Effect], _ definitions: [ProcessDefinition]) {
    var answers: [(number: UInt64, answer: CommandAnswer)] = []
    for case .answer(let number, let answer) in effects { answers.append((number, answer)) }
    switch input {
    case .terminate, .terminateNow: isTerminating = true
    case .command(let command):
      guard answers.count == 1, answers[0].number == command.number else { return fail("\(answers.count) answers to a command") }
      // A schedule that is due in the same step may be refused as well: that is another matter.
      let refused = Set(
        effects.compactMap { effect -> ProcessID? in
          guard case .refused(let id, let refusal) = effect, refusal.cause == command.actor else { return nil }
          return id
        })
      for definition in definitions where command.target.addresses(definition) {
        note(command.action, definition.id, wasRefused: refused.contains(definition.id))
      }
      if case .refused = answers[0].answer, refused.isEmpty { fail("a refusal that is not reported") }
      answers = []
    default: break
    }
    if !answers.isEmpty { fail("an answer to no command") }
  }

  private mutating func note(_ action: Command.Action, _ id: ProcessID, wasRefused: Bool) {
    switch action {
    case .start: if !wasRefused { accounts[id]?.held = false }
    case .restart where wasRefused: break
    case .restart:
      accounts[id]?.held = false
      accounts[id]?.restartsInARow = 0
    case .stop:
      accounts[id]?.held = true
      accounts[id]?.restartsInARow = 0
    case .block: accounts[id]?.blocked = true
    case .unblock: accounts[id]?.blocked = false
    }
  }

  private mutating func decidedToSpawn(_ key: RunKey, _ reason: Cause, _ now: Moment) {
    guard var account = accounts[key.id] else { return fail("\(key.id) starts, which is not in the configuration") }
    let isRepeated = !promised.insert(key).inserted
    if account.held { fail("\(key.id) starts (\(reason.words)) although an operator stopped it") }
    if account.blocked { fail("\(key.id) starts (\(reason.words)) although it is blocked") }
    if isTerminating { fail("\(key.id) starts (\(reason.words)) although everything is being stopped") }
    guard !isRepeated else { return }
    account.wasRefused = false
    account.restartsInARow = reason == .restartPolicy ? account.restartsInARow + 1 : 0
    if account.isStable, let limit = account.policy.restartLimit, account.restartsInARow > limit {
      fail("\(key.id) restarts \(account.restartsInARow) times in a row, its limit is \(limit)")
    }
    if reason == .restartPolicy, account.isStable, !account.mayOverlap, let earliest = account.restartNotBefore,
      now.boot < earliest
    {
      fail("\(key.id) restarts before its delay is over")
    }
    if reason == .cron {
      checkCron(key.id, account, now)
      account.lastCron = now.wall
    }
    accounts[key.id] = account
  }

  private mutating func checkCron(_ id: ProcessID, _ account: Account, _ now: Moment) {
    guard let last = account.lastCron, let schedule = account.policy.cron else { return }
    guard let next = schedule.next(after: last), next <= now.wall else {
      return fail("\(id) starts by cron at \(now.wall.microseconds) although nothing was due since \(last.microseconds)")
    }
  }
}

extension Command.Target {
  fileprivate func addresses(_ definition: ProcessDefinition) -> Bool {
    switch self {
    case .all: true
    case .one(let id): id == definition.id || id == definition.cluster
    }
  }
}
