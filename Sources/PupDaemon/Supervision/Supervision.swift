internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// The core, and around each of its steps what makes it last: what it has decided is written down before anything is done about
/// it. Belongs to the control loop.
final class Supervision {
  private let loop: EventLoop
  private let keeper: KeeperSession
  private let logs: BrainLogs
  private let alarm: DeadlineAlarm
  private(set) var core = Supervisor(definitions: [])
  var runs = RunTable()
  private var recorder = Recorder(nil)
  /// Inputs that came up while effects were performed; they get their turn next.
  private var nextInputs: [Input] = []
  private var isHandling = false
  /// Carries out what the core has decided.
  var perform: (Effect) -> Void = { _ in }
  /// Of each step, after its effects: the processes that have changed, or are no more.
  var onStep: ([ProcessID]) -> Void = { _ in }
  /// After the last of the steps that one input has brought about.
  var onTurn: () -> Void = {}

  init(on loop: EventLoop, _ keeper: KeeperSession, _ logs: BrainLogs) {
    (self.loop, self.keeper, self.logs) = (loop, keeper, logs)
    alarm = DeadlineAlarm(on: loop)
    alarm.onDue = { [weak self] input in self?.feed(input) }
  }

  var now: Moment {
    Moment(boot: Instant(nanoseconds: loop.now), wall: WallTime(microseconds: Clock.wallMicroseconds))
  }

  /// With the processes and runs of the plan; the first input comes next.
  func begin(_ plan: TakeOverPlan, _ instance: SupervisedInstance) {
    recorder = Recorder(instance.state)
    for slot in plan.cleared { recorder.clear(slot: slot) }
    runs = RunTable(plan, instance.configuration, instance.ledger)
    core = Supervisor(definitions: instance.configuration.definitions())
    alarm.watchWallClock()
  }

  // MARK: Turns

  func feed(_ input: Input) {
    nextInputs.append(input)
    guard !isHandling else { return }
    isHandling = true
    while !nextInputs.isEmpty {
      let next = nextInputs.removeFirst()
      step(next)
    }
    isHandling = false
    alarm.arm(core.nextDeadline)
    onTurn()
  }

  private func step(_ input: Input) {
    let effects = core.handle(input, at: now)
    // A run's rows are part of what is saved before the keeper is asked to start it.
    for case .spawn(let key, _) in effects { runs.open(key) }
    let (changed, removed) = (core.takeChanged(), core.takeRemoved())
    for record in changed { save(record) }
    for id in removed { removeProcess(id) }
    // Only now the file is the truth: a brain that takes over must not believe a header that is ahead of the records, or behind a
    // spawn.
    recorder.saveHeaderIfChanged { header }
    for effect in effects { perform(effect) }
    onStep(changed.map(\.id) + removed)
  }

  // MARK: Saving

  private func save(_ record: ProcessRecord) {
    guard runs[record.id] != nil else { return }
    runs.setRecord(record.encoded(), of: record.id)
    save(slotOf: record.id)
  }

  func save(slotOf id: ProcessID) {
    guard let process = runs[id], let error = recorder.save(process) else { return }
    logs.log(.error, .state, "\(error); a supervisor that takes over now would not know the latest changes")
  }

  private var header: StateHeader {
    var header = StateHeader()
    header.begun = true
    header.keeperPid = keeper.pid
    header.keeperStartTime = keeper.startTime
    header.bootID = RuntimeFiles.bootID
    header.cgroupBase = keeper.welcome.cgroupBase
    header.terminatedBy = core.terminatedBy?.words
    return header
  }

  /// What the header says is no longer so; it is written with the next step.
  func headerChanged() { recorder.headerChanged() }

  /// Written at once.
  func saveHeader() {
    recorder.headerChanged()
    recorder.saveHeaderIfChanged { header }
  }

  private func removeProcess(_ id: ProcessID) {
    runs.removeConfiguration(of: id)
    dropIfUnused(id)
  }

  func dropIfUnused(_ id: ProcessID) {
    guard let slot = runs.dropIfUnused(id) else { return }
    logs.pump?.forget(process: id.text)
    recorder.clear(slot: slot)
  }
}
