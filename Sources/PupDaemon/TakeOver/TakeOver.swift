internal import Glibc
internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// How a brain comes into its own: the keeper's list of runs and what the state file remembers make a plan, and the plan is
/// carried out. `TakeOverPlan` decides. Belongs to the control loop.
final class TakeOver {
  private let state: BrainState
  private let keeper: KeeperSession
  private let supervision: Supervision
  private let programs: Programs
  private let logs: BrainLogs
  private var found: [EntryKey: FoundRun] = [:]
  /// What the state file said, until this brain begins.
  private var remembered: TakeOverFacts?
  /// The plan is made.
  var onPlan: (TakeOverPlan, SupervisedInstance) -> Void = { _, _ in }
  /// The runs are in this brain's hands; the core learns of them next.
  var onTakenOver: () -> Void = {}

  init(
    _ state: BrainState, _ keeper: KeeperSession, _ supervision: Supervision, _ programs: Programs, _ logs: BrainLogs
  ) {
    (self.state, self.keeper, self.supervision, self.programs, self.logs) = (state, keeper, supervision, programs, logs)
  }

  // MARK: Inventory

  func note(_ entries: [InventoryEntry], _ descriptors: [Descriptor]) {
    var rest = descriptors[...]
    for entry in entries { keepFound(entry, &rest) }
  }

  private func keepFound(_ entry: InventoryEntry, _ descriptors: inout ArraySlice<Descriptor>) {
    let output = entry.hasOutput ? descriptors.popFirst() : nil
    let error = entry.hasError ? descriptors.popFirst() : nil
    // One that is listed twice counts as it was listed last.
    found[entry.key] = FoundRun(entry: entry, output: output, error: error)
  }

  // MARK: What the state file remembers

  /// The keeper's list is complete.
  func readState() {
    guard let instance = state.instance else { return }
    do throws(FormatError) {
      remembered = try TakeOverFacts(reading: instance.state)
    } catch {
      keeper.cannotTakeOver(error)
    }
    decide()
  }

  /// With what is known by now; once more when the keeper has answered for the runs that it did not start.
  private func decide(isAnswered: Bool = false) {
    guard var facts = remembered, let instance = state.instance else { return }
    (facts.keeperPid, facts.keeperStartTime, facts.rows) = (keeper.pid, keeper.startTime, instance.ledger.rows)
    (facts.inventory, facts.isAnswered) = (found.mapValues(\.entry), isAnswered)
    for pid in found.values.map(\.entry.initPid) where pid > 0 { facts.initStartTimes[pid] = ProcFiles.stat(of: pid)?.startTime }
    facts.configured = instance.configuration.processes.map(\.id)
    switch facts.decision() {
    case .refuse(let error): keeper.cannotTakeOver(error)
    case .noRoom(let id): keeper.fatal("the state file has no room for \(id.text)")
    case .adopt(let adoptions): ask(adoptions, instance)
    case .begin(let plan):
      remembered = nil
      onPlan(plan, instance)
    }
  }

  private func ask(_ adoptions: [TakeOverDecision.Adoption], _ instance: SupervisedInstance) {
    state.phase = .adopting(Set(adoptions.map(\.key)))
    for adoption in adoptions {
      keeper.send(
        .adopt(
          InventoryEntry(adopting: adoption.run, adoption.key, of: adoption.process.text, instance.ledger),
          graceNanoseconds: adoption.run.graceNanoseconds,
          timeoutNanoseconds: adoption.run.timeoutNanoseconds))
    }
  }

  /// The keeper's word on a run that it did not start.
  func adopted(_ entry: InventoryEntry, _ descriptors: [Descriptor]) {
    var rest = descriptors[...]
    keepFound(entry, &rest)
    guard case .adopting(var open) = state.phase else { return }
    open.remove(entry.key)
    state.phase = .adopting(open)
    if open.isEmpty { decide(isAnswered: true) }
  }

  // MARK: The plan

  func forgetHistory(_ plan: TakeOverPlan) {
    for run in plan.found where run.action == .forget {
      found[run.key] = nil
      keeper.send(.forget(run.key))
    }
  }

  /// Takes over what runs.
  func carryOut(_ plan: TakeOverPlan, _ records: [ProcessRecord]) {
    forgetHistory(plan)
    var observations: [RunKey: RunObservation] = [:]
    for run in plan.found {
      switch run.action {
      case .forget: break
      case .kill:
        found[run.key] = nil
        keeper.send(.signal(run.key, signal: SIGKILL, scope: TreeScope.tree.rawValue))
        keeper.send(.forget(run.key))
      case .adopt(let id):
        guard let there = found[run.key] else { continue }
        let key = RunKey(id: id, generation: run.key.generation)
        restore(there, as: key)
        observations[key] = observation(of: there.entry, key)
      }
    }
    let reason = keeper.welcome.reason
    logs.log(
      .warn, .takeover,
      "a new supervisor took over \(plan.alive) running program\(plan.alive == 1 ? "" : "s")\(reason.isEmpty ? "" : "; the one before: \(reason)")"
    )
    onTakenOver()
    supervision.feed(.takeOver(records: records, runs: observations))
    settleEnded(plan)
    found = [:]
  }

  private func restore(_ found: FoundRun, as key: RunKey) {
    let entry = found.entry
    supervision.runs.update(key) { run in
      // Before the core decides and is saved: such runs are not in the way of new ones.
      if entry.hasEnded { (run.isEmpty, run.isReleased) = (true, true) }
      run.exit = entry.exit
    }
    programs.attach(
      entry.key, output: found.output, error: found.error, consumed: (entry.consumedOut, entry.consumedErr))
    // Nobody is left who could write to them.
    if entry.hasEnded { programs.endStreams(of: entry.key) }
    restorePidFile(key, entry)
  }

  /// The brain before may have died between what it noted and the file.
  private func restorePidFile(_ key: RunKey, _ entry: InventoryEntry) {
    if entry.phase == .running { programs.ensurePidFile(key, entry.pid) } else { programs.removePidFile(key) }
  }

  /// Runs that had ended before: those that the core has no use for are done when their output is read.
  private func settleEnded(_ plan: TakeOverPlan) {
    for key in plan.vanished {
      // A run that the core has started again just now is asked for anew.
      guard supervision.runs[key]?.isRequested == false else { continue }
      supervision.runs.update(key) { $0.isEmpty = true }
      programs.released(key)
    }
    for run in plan.found {
      guard case .adopt(let id) = run.action, found[run.key]?.entry.hasEnded == true else { continue }
      programs.released(RunKey(id: id, generation: run.key.generation))
    }
  }

  private func observation(of entry: InventoryEntry, _ key: RunKey) -> RunObservation {
    switch entry.phase {
    case .spawning: .spawning
    case .running: .alive(pid: entry.pid)
    case .exited: .exited(entry.exit?.status ?? .unknown)
    case .empty: .ended(entry.exit?.status ?? .unknown)
    case .failed: .spawnFailed(programs.failure(key, entry.failure))
    }
  }
}
