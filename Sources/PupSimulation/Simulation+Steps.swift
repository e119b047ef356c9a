internal import PupCore

extension Simulation {
  /// One random thing happens.
  mutating func move() {
    digest.add(now.boot.nanoseconds)
    switch random.below(1000) {
    case ..<300: deliver()
    case ..<600: keeper.act(&random, hurry: false)
    case ..<780: letTimePass()
    case ..<900: command()
    case ..<950: changeFile()
    case ..<970: setClock()
    case ..<996: sayNonsense()
    case ..<999: terminate()
    default:
      terminateWish = .signal(2)
      give(.terminateNow(.signal(2)))
    }
  }

  private mutating func deliver() {
    if let input = keeper.takeMail() { give(input) } else { keeper.act(&random, hurry: false) }
  }

  private mutating func letTimePass() {
    switch random.below(100) {
    case ..<60: passToDeadline()
    case ..<80: pass(milliseconds: Int64(random.below(2000)))
    case ..<97: pass(milliseconds: Int64(random.below(60_000)))
    default: pass(milliseconds: Int64(random.below(5 * 3_600_000)))
    }
    // Timers may be late: something else may be told first.
    if random.chance(85) { give(.deadlineReached) }
  }

  private mutating func command() {
    commands += 1
    let ids = definitions.map(\.id) + [ProcessID("p"), ProcessID("nobody")]
    let target = random.chance(10) ? Command.Target.all : .one(random.pick(ids, or: ProcessID("p-1")))
    let action = random.pick([Command.Action.start, .start, .stop, .restart, .block, .unblock, .unblock], or: .start)
    let actor = Cause.consumer(random.pick(["ada", "grace", "a name of forty bytes, which is the most"], or: "ada"))
    give(.command(Command(number: commands, action: action, target: target, actor: actor)))
  }

  private mutating func changeFile() {
    give(.fileChanged(random.pick(definitions.map(\.id), or: ProcessID("p-1")), path: "src/main.ts"))
  }

  private mutating func setClock() {
    let spans: [Int64] = [1, 30, 600, 3600, 7200, 4 * 3600, 30 * 3600, 400 * 86_400]
    let span = random.pick(spans, or: 1) * 1_000_000
    now.wall.microseconds += random.chance(50) ? span : -span
    if random.chance(70) { give(.wallClockChanged) }
  }

  /// Late and impossible messages about runs that the keeper has forgotten, or never knew.
  private mutating func sayNonsense() {
    let id = random.chance(10) ? ProcessID("nobody") : random.pick(definitions.map(\.id), or: ProcessID("p-1"))
    let key = RunKey(id: id, generation: UInt32(random.below(Int(keeper.newest[id] ?? 0) + 3)))
    guard !keeper.knows(key), !checks.isPromised(key) else { return }
    let inputs: [Input] = [
      .spawned(key, pid: 5), .spawnFailed(key, SimulatedKeeper.failure), .exited(key, .exited(code: 0)), .treeEmpty(key),
      .begin(desired: []), .takeOver(records: [], runs: [:]),
    ]
    give(random.pick(inputs, or: .deadlineReached))
  }

  private mutating func terminate() {
    let actor = Cause.signal(15)
    terminateWish = actor
    give(.terminate(actor))
  }

  // MARK: - The clock

  mutating func pass(milliseconds: Int64) { pass(nanoseconds: milliseconds * 1_000_000) }

  private mutating func pass(nanoseconds: Int64) {
    // Whole microseconds, so that both clocks go alike.
    let microseconds = (nanoseconds + 999) / 1000
    now.boot = now.boot + Delay(nanoseconds: microseconds * 1000)
    now.wall.microseconds += microseconds
  }

  mutating func passToDeadline() {
    let deadlines = supervisor.nextDeadline
    var wait = Int64.max
    if let boot = deadlines.boot { wait = min(wait, boot.nanoseconds - now.boot.nanoseconds) }
    if let wall = deadlines.wall {
      wait = min(wait, (wall.microseconds - now.wall.microseconds).multipliedReportingOverflow(by: 1000).partialValue)
    }
    guard wait < Int64.max else { return pass(milliseconds: Int64(random.below(1000))) }
    pass(nanoseconds: max(0, wait))
  }
}
