/// Decides when each process runs. It has no side effects: inputs go in, effects come out, time is an argument.
/// The owner, for each input: `handle`, then save what `takeChanged` and `takeRemoved` give, then perform the effects in order,
/// then arm a timer for `nextDeadline`. A brain that dies at any point is replaced by one that begins with `Input.takeOver`.
package struct Supervisor: Sendable {
  /// By number: processes of the configuration first, in its order. Nil once the survivors of a removed process are gone.
  var machines: [ProcessMachine?]
  var numbers: [ProcessID: Int]
  private(set) var clusters: [ProcessID: [Int]] = [:]
  private var bootQueue = DeadlineQueue()
  private var wallQueue = DeadlineQueue()
  private var changed: [Int] = []
  private var isChanged: [Bool]
  /// The records that the owner has saved.
  private var saved: [ProcessRecord?]
  private var removed: [ProcessID] = []
  private var liveRuns = 0
  private(set) var lastMoment: Moment?
  var terminating: Cause?
  private var hasSaidStopped = false
  var hasBegun = false
  /// The highest generation of any removed process: the keeper refuses to spawn it again.
  var generationFloor: UInt32 = 0
  /// Counts up whenever `desiredStates` changes, so that the owner knows when to save them.
  package private(set) var desiredRevision: UInt64 = 0

  /// If two definitions share an id, the first one counts.
  package init(definitions: [ProcessDefinition]) {
    machines = []
    numbers = [:]
    for definition in definitions where numbers[definition.id] == nil {
      numbers[definition.id] = machines.count
      if let cluster = definition.cluster { clusters[cluster, default: []].append(machines.count) }
      machines.append(ProcessMachine(definition: definition))
    }
    isChanged = Array(repeating: false, count: machines.count)
    saved = Array(repeating: nil, count: machines.count)
  }

  /// The effects are to be performed in this order, after the records in `takeChanged()` have been saved.
  package mutating func handle(_ input: Input, at now: Moment) -> [Effect] {
    var step = Step(now: now, terminating: terminating)
    noticeClockStep(&step)
    perform(input, &step)
    performDue(&step)
    if let terminating, liveRuns == 0, !hasSaidStopped {
      hasSaidStopped = true
      step.log(.log, .terminate, nil, "everything is stopped (requested by \(terminating.words))")
      step.effects.append(.allStopped)
    }
    return step.effects
  }

  /// When `Input.deadlineReached` is needed next.
  package var nextDeadline: Deadlines {
    Deadlines(
      boot: bootQueue.first.map { Instant(nanoseconds: $0.deadline) },
      wall: wallQueue.first.map { WallTime(microseconds: $0.deadline) })
  }

  /// The records whose durable content changed since this was last called.
  package mutating func takeChanged() -> [ProcessRecord] {
    var records: [ProcessRecord] = []
    for number in changed {
      isChanged[number] = false
      guard let record = machines[number]?.record(terminating: terminating, generationFloor: generationFloor),
        record != saved[number]
      else { continue }
      saved[number] = record
      records.append(record)
    }
    changed.removeAll(keepingCapacity: true)
    return records
  }

  /// The processes that have disappeared since this was last called: their records must be deleted.
  package mutating func takeRemoved() -> [ProcessID] {
    defer { removed = [] }
    return removed
  }

  // MARK: - Machines

  /// Every change to a machine goes through here, so that queues and counts stay in sync.
  mutating func update(_ number: Int, _ step: inout Step, _ change: (inout ProcessMachine, inout Step) -> Void) {
    guard var machine = machines[number] else { return }
    // Removed first, so that the change operates on the only copy.
    machines[number] = nil
    let runsBefore = machine.runCount
    let desiredBefore = machine.desired
    change(&machine, &step)
    machines[number] = machine
    liveRuns += machine.runCount - runsBefore
    if machine.desired != desiredBefore { desiredRevision += 1 }
    bootQueue.set(number, machine.bootDeadline?.nanoseconds)
    wallQueue.set(number, machine.wallDeadline?.microseconds)
    markChanged(number)
    if machine.isOrphan, machine.runCount == 0 { remove(number) }
  }

  private mutating func markChanged(_ number: Int) {
    guard !isChanged[number] else { return }
    isChanged[number] = true
    changed.append(number)
  }

  mutating func add(_ machine: ProcessMachine) -> Int {
    machines.append(machine)
    isChanged.append(false)
    saved.append(nil)
    numbers[machine.id] = machines.count - 1
    return machines.count - 1
  }

  private mutating func remove(_ number: Int) {
    guard let machine = machines[number] else { return }
    machines[number] = nil
    numbers[machine.id] = nil
    saved[number] = nil
    bootQueue.set(number, nil)
    wallQueue.set(number, nil)
    removed.append(machine.id)
    guard machine.generation > generationFloor else { return }
    generationFloor = machine.generation
    for number in machines.indices { markChanged(number) }
  }

  private mutating func performDue(_ step: inout Step) {
    // Every action moves its deadline into the future; the bound keeps a bug there from becoming a hang.
    for _ in 0..<machines.count * 8 + 64 {
      if let (deadline, number) = bootQueue.first, deadline <= step.now.boot.nanoseconds {
        update(number, &step) { $0.due(&$1) }
      } else if let (deadline, number) = wallQueue.first, deadline <= step.now.wall.microseconds {
        update(number, &step) { $0.due(&$1) }
      } else {
        return
      }
    }
  }

  /// The owner reports clock steps, but another input may arrive first.
  private mutating func noticeClockStep(_ step: inout Step) {
    defer { lastMoment = step.now }
    guard let lastMoment else { return }
    let wall = step.now.wall.microseconds.subtractingReportingOverflow(lastMoment.wall.microseconds)
    let forward =
      wall.overflow ? Int64.max : wall.partialValue.subtractingSaturating((step.now.boot - lastMoment.boot).nanoseconds / 1000)
    guard forward > Constants.leastStep.microseconds || forward < -Constants.leastStep.microseconds else { return }
    for number in machines.indices {
      update(number, &step) { $0.wallClockChanged(forward: WallTime(microseconds: forward), &$1) }
    }
  }
}

extension Int64 {
  fileprivate func subtractingSaturating(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : difference
  }
}
