extension Supervisor {
  mutating func perform(_ input: Input, _ step: inout Step) {
    switch input {
    case .begin(let desired): begin(desired, &step)
    case .takeOver(let records, let runs): takeOver(records, runs, &step)
    case .command(let command): perform(command, &step)
    case .spawned(let key, let pid):
      forward(key, "spawned", &step) { $0.spawned(key.generation, pid: pid, &$1) }
    case .spawnFailed(let key, let failure):
      let isKnown = forward(key, "spawn failed", &step) { $0.spawnFailed(key.generation, failure, &$1) }
      if !isKnown { step.effects.append(.release(key)) }
    case .exited(let key, let status):
      forward(key, "exited", &step) { $0.exited(key.generation, status, &$1) }
    case .treeEmpty(let key):
      let isKnown = forward(key, "tree empty", &step) { $0.treeEmpty(key.generation, &$1) }
      if !isKnown { step.effects.append(.release(key)) }
    case .fileChanged(let id, let path):
      guard let number = numbers[id] else { return unknown(id, "file changed", &step) }
      update(number, &step) { $0.fileChanged(path, &$1) }
    case .deadlineReached: break
    case .wallClockChanged:
      for number in machines.indices { update(number, &step) { $0.wallClockChanged(forward: WallTime(microseconds: 0), &$1) } }
    case .keeperReplaced:
      for number in machines.indices { update(number, &step) { $0.keeperReplaced(&$1) } }
    case .terminate(let actor):
      guard beginToTerminate(actor, &step) else { return }
      for number in machines.indices { update(number, &step) { $0.terminate(actor, &$1) } }
    case .terminateNow(let actor):
      beginToTerminate(actor, &step)
      for number in machines.indices { update(number, &step) { $0.terminateNow(actor, &$1) } }
    }
  }

  @discardableResult
  private mutating func forward(
    _ key: RunKey, _ event: String, _ step: inout Step, _ change: (inout ProcessMachine, inout Step) -> Void
  ) -> Bool {
    guard let number = numbers[key.id] else {
      unknown(key.id, event, &step)
      return false
    }
    update(number, &step, change)
    return true
  }

  private func unknown(_ id: ProcessID, _ event: String, _ step: inout Step) {
    step.log(.warn, .unexpected, id, "\(event): no such process; ignored")
  }

  private mutating func begin(_ desired: [DesiredState], _ step: inout Step) {
    guard !hasBegun else { return step.log(.warn, .unexpected, nil, "told to begin a second time; ignored") }
    hasBegun = true
    var wishes: [ProcessID: DesiredState] = [:]
    for wish in desired { wishes[wish.id] = wish }
    for number in machines.indices {
      guard let id = machines[number]?.id else { continue }
      update(number, &step) { $0.begin(wishes[id], &$1) }
    }
  }

  private mutating func takeOver(_ records: [ProcessRecord], _ runs: [RunKey: RunObservation], _ step: inout Step) {
    guard !hasBegun else { return step.log(.warn, .unexpected, nil, "told to take over a second time; ignored") }
    hasBegun = true
    var recordsByID: [ProcessID: ProcessRecord] = [:]
    for record in records { recordsByID[record.id] = record }
    var runsByID: [ProcessID: [UInt32: RunObservation]] = [:]
    for (key, observation) in runs { runsByID[key.id, default: [:]][key.generation] = observation }
    generationFloor = records.lazy.map(\.generationFloor).max() ?? 0
    if terminating == nil { terminating = records.lazy.compactMap(\.terminating).first }
    step = Step(now: step.now, terminating: terminating, effects: step.effects)
    let orphans = Set(recordsByID.keys).union(runsByID.keys).filter { numbers[$0] == nil }
    for id in orphans.sorted() {
      var machine = ProcessMachine(definition: ProcessDefinition(id: id, policy: ProcessPolicy()))
      machine.isOrphan = true
      _ = add(machine)
    }
    for number in machines.indices {
      guard let id = machines[number]?.id else { continue }
      let floor = generationFloor
      update(number, &step) { machine, step in
        machine.generation = floor
        machine.takeOver(recordsByID[id], runsByID[id] ?? [:], &step)
      }
    }
    guard let terminating else { return }
    for number in machines.indices { update(number, &step) { $0.terminate(terminating, &$1) } }
  }

  /// Idempotent.
  @discardableResult
  private mutating func beginToTerminate(_ actor: Cause, _ step: inout Step) -> Bool {
    guard terminating == nil else { return false }
    terminating = actor
    step = Step(now: step.now, terminating: actor, effects: step.effects)
    step.log(.log, .terminate, nil, "stopping everything (\(actor.words))")
    return true
  }

  // MARK: - Commands

  private mutating func perform(_ command: Command, _ step: inout Step) {
    let members: [Int]
    switch command.target {
    case .all: members = machines.indices.filter { machines[$0]?.isOrphan == false }
    case .one(let id):
      guard let found = addressed(by: id) else {
        let text = "no process or cluster is called `\(id)`"
        step.effects.append(.answer(command.number, .unknownProcess(text)))
        return
      }
      members = found
    }
    var answers: [CommandAnswer] = []
    for number in members {
      update(number, &step) { machine, step in answers.append(machine.command(command.action, command.actor, &step)) }
    }
    step.effects.append(.answer(command.number, Self.summary(answers)))
  }

  private func addressed(by id: ProcessID) -> [Int]? {
    if let number = numbers[id], machines[number]?.isOrphan == false { return [number] }
    return clusters[id]
  }

  /// If any member did something, the answer is "done"; a refusal takes precedence over "nothing to do".
  private static func summary(_ answers: [CommandAnswer]) -> CommandAnswer {
    if answers.contains(.accepted) { return .accepted }
    for answer in answers { if case .refused = answer { return answer } }
    return answers.first ?? .unchanged(.noProcesses)
  }
}
