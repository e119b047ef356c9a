internal import PupCore

/// Random inputs against a model world under a virtual clock. After every step the invariants of supervision must hold.
package struct Simulation {
  let seed: UInt64
  let keepsTrace: Bool
  var random: SplitMix64
  var now: Moment
  var definitions: [ProcessDefinition] = []
  var supervisor = Supervisor(definitions: [])
  var keeper = SimulatedKeeper()
  var checks = Invariants()
  /// What a dying brain leaves behind, per process: encoded, as it would be.
  var saved: [ProcessID: [UInt8]] = [:]
  var desired: [DesiredState] = []
  /// The keeper goes on asking for the end after the brain that was told so died.
  var terminateWish: Cause?
  var commands: UInt64 = 0
  var digest = Digest()
  var step = 0
  var failure: String?
  /// Everything is being stopped for good.
  var isDraining = false
  var isDrained = false
  private var trace: [String] = []
  private static let traceLength = 60

  private init(seed: UInt64, keepsTrace: Bool) {
    self.seed = seed
    self.keepsTrace = keepsTrace
    random = SplitMix64(seed: seed)
    // Near the end of October 2026, so that hours are repeated; the machine may also be one that has just booted.
    let wall = 1_792_800_000_000_000 + Int64(random.below(3 * 86_400)) * 1_000_000
    now = Moment(boot: Instant(nanoseconds: 1_000_000_000), wall: WallTime(microseconds: wall))
  }

  /// The same seed gives the same result. The trace costs time: ask for it to explain a failure.
  package static func run(seed: UInt64, steps: Int, keepsTrace: Bool = false) -> SimulationResult {
    var simulation = Simulation(seed: seed, keepsTrace: keepsTrace)
    simulation.beginInstance()
    while simulation.step < steps, simulation.failure == nil {
      simulation.move()
      simulation.step += 1
    }
    if simulation.failure == nil { simulation.drain() }
    return SimulationResult(
      seed: seed, steps: simulation.step, digest: simulation.digest.value,
      failure: simulation.failure.map { .init(step: simulation.step, message: $0, trace: simulation.trace) })
  }

  // MARK: - One input

  /// Gives the brain an input. Now and then it dies of it: before its records are saved, or after, with some of its effects
  /// performed.
  mutating func give(_ input: Input) {
    if keepsTrace { note("step \(step) at \(now.boot.nanoseconds / 1_000_000) ms: \(input.summary)") }
    let effects = supervisor.handle(input, at: now)
    let dies = random.below(1000) < 6
    if dies, random.chance(25) { return crash("before saving") }
    let removed = supervisor.takeRemoved()
    for record in supervisor.takeChanged() {
      let bytes = record.encoded()
      if bytes.count > ProcessRecord.longest { return fail("the record of \(record.id) has \(bytes.count) bytes") }
      if (try? ProcessRecord(decoding: bytes)) != record {
        return fail("the record of \(record.id) does not survive its encoding")
      }
      saved[record.id] = bytes
    }
    for id in removed { saved[id] = nil }
    desired = supervisor.desiredStates
    checks.decided(input, effects, definitions, now)
    let performed = dies ? random.below(effects.count + 1) : effects.count
    for effect in effects.prefix(performed) { perform(effect) }
    checks.removed(removed, keeper)
    failure = failure ?? checks.problem
    if failure != nil { return }
    if performed == effects.count, effects.last == .allStopped {
      if isDraining { isDrained = true } else { beginInstance() }
      return
    }
    if dies { return crash("after \(performed) of \(effects.count) effects") }
    checks.settled(supervisor, keeper, definitions, now)
    failure = failure ?? checks.problem
  }

  private mutating func perform(_ effect: Effect) {
    digest.add(effect)
    if keepsTrace { note("  \(effect.summary)") }
    var problem: String?
    switch effect {
    case .spawn(let key, _):
      checks.spawning(key, keeper)
      problem = keeper.spawn(key, &random)
    case .signal(let key, let number, let scope): problem = keeper.signal(key, number, scope, now.boot)
    case .release(let key): problem = keeper.release(key)
    case .allStopped:
      if keeper.entries.contains(where: { !$0.isTreeEmpty }) { problem = "all stopped was said while something lives" }
    case .log, .logChange, .refused, .event, .answer: break
    }
    if let problem { fail(problem) }
  }

  mutating func fail(_ message: String) {
    if failure == nil { failure = message }
  }

  mutating func note(_ line: String) {
    guard keepsTrace else { return }
    if trace.count == Self.traceLength { trace.removeFirst() }
    trace.append(line)
  }
}

extension Input {
  fileprivate var summary: String {
    switch self {
    case .takeOver(let records, let runs):
      "takeOver of \(records.map(\.id.text)), runs "
        + runs.map { "\($0.key.id) \($0.key.generation): \($0.value)" }.sorted().joined(separator: ", ")
    case .command(let command): "command \(command.number): \(command.action) \(command.target) by \(command.actor.words)"
    case .spawned(let key, _): "spawned \(key.id) \(key.generation)"
    case .spawnFailed(let key, _): "spawnFailed \(key.id) \(key.generation)"
    case .exited(let key, let status): "exited \(key.id) \(key.generation): \(status)"
    case .treeEmpty(let key): "treeEmpty \(key.id) \(key.generation)"
    default: "\(self)"
    }
  }
}

extension Effect {
  /// An event's whole status is more than a trace needs.
  fileprivate var summary: String {
    switch self {
    case .event(.stateChanged(let old, let new, let status, let actor)):
      "event \(status.id): \(old.map { "\($0)" } ?? "-") -> \(new) by \(actor.words)"
    case .event(.scheduled(let next, let status)): "event \(status.id): scheduled \(next.microseconds)"
    case .event(.terminateScheduled(let next, let status)): "event \(status.id): terminate scheduled \(next.microseconds)"
    case .event(.flagChanged(let status, let actor)): "event \(status.id): a decision by \(actor.words)"
    case .event(.watchTriggered(let path, let status)): "event \(status.id): \(path) changed"
    case .log(let severity, let category, let id, let text): "\(severity) [\(id?.text ?? "core"):\(category.rawValue)] \(text)"
    case .logChange(let severity, let category, let id, let text): "\(severity) [\(id):\(category.rawValue)] \(text)"
    case .refused(let id, let refusal):
      "\(refusal.severity) [\(id):\(refusal.category.rawValue)] \(refusal.words)"
    case .spawn(let key, let reason): "spawn \(key.id) \(key.generation) (\(reason.words))"
    case .signal(let key, let number, let scope): "signal \(number) to \(key.id) \(key.generation) (\(scope))"
    case .release(let key): "release \(key.id) \(key.generation)"
    case .answer(let number, let answer): "answer \(number): \(answer)"
    case .allStopped: "all stopped"
    }
  }
}
