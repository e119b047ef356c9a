internal import PupCore

// A `pup run` begins and ends; in between brains may die and be replaced.
extension Simulation {
  /// A new `pup run`: another configuration, a new keeper, the operators' standing wishes.
  mutating func beginInstance() {
    definitions = RandomPolicy.definitions(&random)
    keeper = SimulatedKeeper()
    saved = [:]
    terminateWish = nil
    desired = desired.filter { wish in definitions.contains { $0.id == wish.id } }
    checks = Invariants(definitions: definitions, desired: desired)
    supervisor = Supervisor(definitions: definitions)
    give(.begin(desired: desired))
  }

  /// The brain is dead; its successor knows the records that were saved and what the keeper sees.
  mutating func crash(_ when: String) {
    note("  the brain dies \(when)")
    keeper.dropMail()
    pass(milliseconds: random.pick([0, 1, 250, 30_000], or: 0))
    // The world does not wait for a brain.
    for _ in 0..<random.below(4) { keeper.act(&random, hurry: false) }
    keeper.dropMail()
    if random.chance(10) { changeConfiguration() }
    supervisor = Supervisor(definitions: definitions)
    checks.brainReplaced(definitions)
    // Nothing was saved, so nothing was asked for: this is a beginning.
    if saved.isEmpty, keeper.entries.isEmpty { return give(.begin(desired: desired)) }
    var records: [ProcessRecord] = []
    for id in saved.keys.sorted() {
      guard let record = try? ProcessRecord(decoding: saved[id] ?? []) else {
        return fail("the saved record of \(id) cannot be read")
      }
      records.append(record)
    }
    give(.takeOver(records: records, runs: keeper.observations))
    if let terminateWish, failure == nil { give(.terminate(terminateWish)) }
  }

  /// The configuration in force at a take-over need not be the one before.
  private mutating func changeConfiguration() {
    let index = random.below(definitions.count)
    switch random.below(3) {
    case 0 where definitions.count > 1:
      definitions.remove(at: index)
    case 1:
      definitions[index].policy = RandomPolicy.make(&random)
    default:
      let names = (1...6).map { ProcessID("p-\($0)") }
      // A name that still has survivors of its former self would be taken over by the new one, which is right but hard to
      // foresee.
      let free = names.filter { id in !definitions.contains { $0.id == id } && saved[id] == nil && keeper.entries(of: id).isEmpty
      }
      guard let id = free.first else { return }
      definitions.append(ProcessDefinition(id: id, policy: RandomPolicy.make(&random)))
    }
  }

  /// At the end everything must stop, whatever the programs do.
  mutating func drain() {
    isDraining = true
    terminateWish = .signal(15)
    give(.terminate(.signal(15)))
    for _ in 0..<100_000 where failure == nil && !isDrained {
      keeper.act(&random, hurry: true)
      if let input = keeper.takeMail() {
        give(input)
      } else {
        passToDeadline()
        give(.deadlineReached)
      }
    }
    if failure == nil, !isDrained { fail("not everything stopped after it was told to; \(keeper.entries.count) runs are left") }
  }
}
