internal import Glibc
internal import PupAPI
internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// The composition root of the supervisor: makes its parts, tells each what the others need of it, and decides what comes first
/// where several are concerned. A kernel event, the core's step and its effects are one synchronous turn. Belongs to the control
/// loop.
///
/// It has more properties than a type of this project should have: one for each part, and no state of its own.
final class Brain {
  let loop: EventLoop
  let state = BrainState()
  let keeper: KeeperSession
  let kept: KeptDescriptors
  let logs: BrainLogs
  let supervision: Supervision
  let programs: Programs
  let interface: Interface
  let listings: Listings
  let clients: ClientActions
  let accessLog: AccessLogWriter
  let ending: Ending
  let loops: LoopCare
  private let surroundings: BrainSurroundings
  private let environment: SystemConfigurationEnvironment
  /// What may have to wait for a file system, for the control loop, which may not.
  private let pool = HelperPool()
  private let watching: Watching
  private let teller: EventTeller
  private let decisions: OperatorDecisions
  private let takeOver: TakeOver
  private let starter: KeeperStarter
  private let handover: KeeperHandover
  private let files: FileCare

  init(
    on loop: EventLoop, logSocket: Descriptor, standby: Bool, _ environment: SystemConfigurationEnvironment,
    _ surroundings: BrainSurroundings
  ) {
    (self.loop, self.environment, self.surroundings) = (loop, environment, surroundings)
    logs = BrainLogs(on: loop, socket: logSocket, environment)
    keeper = KeeperSession(on: loop, standby: standby, logs)
    kept = KeptDescriptors(keeper, logs)
    supervision = Supervision(on: loop, keeper, logs)
    interface = Interface(on: loop, state, keeper, kept, logs, isWanted: surroundings.hasInterface)
    let (lock, pidFiles) = (InstanceLockInForce(keeper, kept), PidFiles(on: loop, pool: pool))
    programs = Programs(
      on: loop, state, keeper, supervision, interface, logs, CommandPlanner(on: loop, pool: pool), pidFiles, environment)
    watching = Watching(on: loop, state, supervision, logs)
    loops = LoopCare(logs, interface, watching)
    listings = Listings(on: loop, state, keeper, supervision, programs, interface, loops, logs)
    teller = EventTeller(on: loop, state, supervision, interface, listings)
    decisions = OperatorDecisions(on: loop, supervision, interface, logs)
    clients = ClientActions(on: loop, state, keeper, supervision, decisions, listings)
    accessLog = AccessLogWriter(on: loop, logs)
    takeOver = TakeOver(state, keeper, supervision, programs, logs)
    starter = KeeperStarter(on: loop, state, keeper, lock, logs, start: surroundings.startKeeper)
    handover = KeeperHandover(state, keeper, starter, supervision, programs, logs)
    ending = Ending(
      on: loop, state, keeper, supervision, interface, decisions, teller, clients, pidFiles, lock, logs)
    files = FileCare(on: loop, state, keeper, lock, interface, logs)
    wire(pidFiles)
  }

  /// What comes the other way: from parts that do not know who needs it.
  private func wire(_ pidFiles: PidFiles) {
    logs.isSupervised = { [weak supervision] id in supervision?.runs[id] != nil }
    logs.onDrained = { [weak programs] stream in programs?.drained(stream) }
    logs.onMisfit = { [weak keeper] error in keeper?.misunderstood("a log message", error) }
    // No line would leave its pipe any more. What is in the pipes waits there for the next supervisor.
    logs.onFailure = { [weak keeper] error in keeper?.fatal("the log socket to the keeper: \(error)") }
    keeper.onMessage = { [weak self] message, descriptors in self?.heard(message, descriptors) }
    keeper.onMisfit = { [weak self] error, count in self?.misread(error, count) }
    keeper.onEnd = { [weak self] in self?.keeperEnded() }
    supervision.perform = { [weak self] effect in self?.perform(effect) }
    supervision.onStep = { [weak clients] changed in clients?.settle(changed) }
    supervision.onTurn = { [weak decisions] in decisions?.save() }
    programs.onLeftover = { [weak clients] text in clients?.noteLeftover(text) }
    programs.onRunClosed = { [weak ending] in ending?.leaveIfDone() }
    takeOver.onPlan = { [weak self] plan, instance in self?.begin(plan, instance) }
    takeOver.onTakenOver = { [weak self] in self?.takenOver() }
    pidFiles.report = { [weak logs] id, problem in logs?.log(.warn, .pidfile, problem, about: id) }
  }

  /// Greets the keeper.
  func start(_ control: Descriptor) {
    keeper.open(control)
    beat()
  }

  /// What the keeper takes for life: it comes from the loop that supervises, so a hung loop is silent. The other loops are looked
  /// at here.
  private func beat() {
    keeper.send(.beat)
    if !ending.isUnderWay { loops.look() }
    teller.tick()
    files.look()
    let me = LoopBound(self, to: loop)
    _ = loop.schedule(at: loop.now + 1_000_000_000) { me { $0.beat() } }
  }

  // MARK: The keeper

  private func heard(_ message: KeeperMessage, _ descriptors: [Descriptor]) {
    switch message {
    case .welcome(let welcome): welcomed(welcome, descriptors)
    case .inventory(let chunk, let last, let entries): inventory(chunk, last, entries, descriptors)
    case .spawned(let key, let pid, let startTime, _, let initPid):
      programs.spawned(key, pid, startTime, initPid, descriptors)
    case .spawnFailed(let key, let error): programs.spawnFailed(key, error)
    case .exited(let key, let exit): programs.exited(key, exit)
    case .treeEmpty(let key): programs.treeEmptied(key)
    case .terminate(let signal): ending.terminate(signal)
    case .hangUp:
      logs.log(.warn, .reload, "SIGHUP: the configuration is read at 'pup run' only in this version; nothing was changed")
    case .yield: ending.yield()
    case .adopted(let entry):
      if state.isSupervising { handover.adopted(entry, descriptors) } else { takeOver.adopted(entry, descriptors) }
    case .stray(let report): programs.strayed(report)
    }
  }

  private func welcomed(_ welcome: KeeperMessage.Welcome, _ descriptors: [Descriptor]) {
    let given = keeper.take(welcome, descriptors)
    guard state.instance == nil else {
      starter.keeperWorks()
      return kept.handOver()
    }
    kept.take(given)
    do {
      let instance = try SupervisedInstance(keeper.held, rows: Int(welcome.ledgerRows), environment)
      state.instance = instance
      if surroundings.hasLogs { try logs.start(instance, sinks: keeper.held[WelcomeDescriptor.sinks.rawValue]) }
    } catch let refusal as SupervisedInstance.Refusal {
      // A brain of another version may see it differently. The keeper then keeps the programs, and says so.
      keeper.refuse("the configuration in force is refused by this version:\n\(refusal.report)")
    } catch {
      keeper.cannotTakeOver(error)
    }
    state.phase = .inventory
  }

  private func inventory(_ chunk: UInt32, _ last: Bool, _ entries: [InventoryEntry], _ descriptors: [Descriptor]) {
    takeOver.note(entries, descriptors)
    keeper.send(.inventoryReceived(chunk: chunk))
    guard last else { return }
    switch state.phase {
    case .supervising: handover.begin()
    // Everything has stopped: a list that comes now must not begin it anew.
    case .leaving: break
    default: takeOver.readState()
    }
  }

  /// A message of the keeper's that is not understood. While this brain supervises, each run is on its own; before, and while a
  /// new keeper takes its runs over, everything waits for what the message said.
  private func misread(_ error: FormatError, _ count: Int) {
    let what = "a message of \(count) bytes"
    guard isTakingOver else { return keeper.misunderstood(what, error) }
    keeper.end("the keeper sent \(what) that is not understood: \(error)", because: error)
  }

  private var isTakingOver: Bool {
    switch state.phase {
    case .greeting, .inventory, .adopting: true
    case .supervising: starter.isHandingOver
    case .leaving: false
    }
  }

  /// A new keeper takes over everything that this brain still has in its hands.
  private func keeperEnded() {
    // A brain that never supervised has nothing to save, nor has one that leaves.
    guard state.isSupervising, keeper.held.count == WelcomeDescriptor.allCases.count else { exit(0) }
    // Under a service manager the next keeper has to be its child, and the lock has to be free for it.
    if KeeperRestart.isExpected(environment.variables) { exit(0) }
    starter.keeperDied()
  }

  // MARK: The beginning

  private func begin(_ plan: TakeOverPlan, _ instance: SupervisedInstance) {
    state.phase = .supervising
    if case .fresh = plan.start { takeOver.forgetHistory(plan) }
    supervision.begin(plan, instance)
    files.begin(instance)
    interface.open()
    switch plan.start {
    case .takeOver(let records): takeOver.carryOut(plan, records)
    case .fresh(let decided):
      announceStart(instance)
      teller.began()
      supervision.feed(.begin(desired: decisions.load(newer: decided)))
    }
    // What is watched is whatever a file system holds, and may have been the cause.
    if keeper.welcome.safeMode == nil { watching.start() }
    interface.serve()
    // Once the first rush is over.
    _ = loop.schedule(at: loop.now + 3_000_000_000) { Footprint.shrink() }
    keeper.ready()
    let (count, safeMode) = (instance.configuration.processes.count, keeper.safeMode)
    keeper.send(
      .notify("READY=1\nSTATUS=\(count) process\(count == 1 ? "" : "es")\(safeMode == nil ? "" : ", in safe mode")"))
    if let safeMode { logs.log(.error, .safe, safeMode.text) }
    if let terminatedBefore = plan.terminatedBy { ending.terminate(by: .consumer(terminatedBefore)) }
    if keeper.welcome.terminateSignal != 0 { ending.terminate(keeper.welcome.terminateSignal) }
  }

  private func announceStart(_ instance: SupervisedInstance) {
    let count = instance.configuration.processes.count
    logs.log(
      .info, .core,
      "Pup \(PupVersion.text) supervises \(count) process\(count == 1 ? "" : "es") of \(instance.description.configurationPath)")
  }

  private func takenOver() {
    mentionEditedConfiguration()
    decisions.forgetSaved()
  }

  /// The file on disk is read by `pup run` only; somebody who edited it should not have to guess.
  private func mentionEditedConfiguration() {
    guard let instance = state.instance?.description, !instance.isAdHoc else { return }
    let name = PathText.name(of: instance.configurationPath)
    let me = LoopBound(self, to: loop)
    // Off the loop: the file is the user's, and may be on a disk that hangs.
    _ = pool.run { [loop] in
      let onDisk = try? ConfigurationFile.read("\(instance.directory)/\(name)")
      guard onDisk != instance.configuration else { return }
      loop.post {
        me {
          $0.logs.log(
            .info, .configuration,
            "\(instance.configurationPath) differs from the configuration in force, which stays as it was applied")
        }
      }
    }
  }

  // MARK: Effects

  private func perform(_ effect: Effect) {
    switch effect {
    case .spawn(let key, _): programs.spawn(key)
    case .signal(let key, let number, let scope): programs.signal(key, number, scope)
    case .release(let key): programs.released(key)
    case .log(let severity, let category, let id, let text): logs.log(severity.logSeverity, category, text, about: id)
    case .logChange(let severity, let category, let id, let text):
      logs.log(severity.logSeverity, category, text, about: id, event: .processStatusChanged)
    case .refused(let id, let refusal): logs.log(refusal.severity.logSeverity, refusal.category, refusal.words, about: id)
    case .event(let event): teller.tell(event)
    case .answer(let number, let answer): clients.answer(number, answer)
    case .allStopped: ending.allStopped()
    }
  }
}
