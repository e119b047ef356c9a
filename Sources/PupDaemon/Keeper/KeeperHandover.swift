internal import PupCore
internal import PupInstance
internal import PupSystem

/// Gives a new keeper every run that this brain knows, and goes on when that has confirmed each of them. Belongs to the control
/// loop.
final class KeeperHandover {
  private let state: BrainState
  private let keeper: KeeperSession
  private let starter: KeeperStarter
  private let supervision: Supervision
  private let programs: Programs
  private let logs: BrainLogs
  /// Runs that a new keeper has not confirmed yet.
  private var openAdoptions: Set<EntryKey> = []

  init(
    _ state: BrainState, _ keeper: KeeperSession, _ starter: KeeperStarter, _ supervision: Supervision, _ programs: Programs,
    _ logs: BrainLogs
  ) {
    (self.state, self.keeper, self.starter) = (state, keeper, starter)
    (self.supervision, self.programs, self.logs) = (supervision, programs, logs)
  }

  /// Tells a new keeper of every run that this brain knows.
  func begin() {
    openAdoptions = []
    for process in supervision.runs.all {
      // A run whose program is still being looked for is asked of the new keeper.
      for (generation, run) in process.runs where run.isSent || !run.isRequested {
        var entry = InventoryEntry(
          adopting: run.record, process.entry(generation), of: process.id.text, state.instance?.ledger)
        entry.phase = run.isEmpty ? .empty : .running
        entry.exit = run.exit
        let descriptors = copies(of: &entry, run)
        openAdoptions.insert(entry.key)
        keeper.send(
          .adopt(
            entry, graceNanoseconds: run.record.graceNanoseconds, timeoutNanoseconds: run.record.timeoutNanoseconds),
          owned: descriptors)
      }
    }
    finishIfConfirmed()
  }

  /// A message may wait for room in the socket, and by then the run's own could be closed, and their numbers something else's.
  /// Where there is no room for copies, the keeper finds the pipes by the processes that have them open.
  private func copies(of entry: inout InventoryEntry, _ run: LiveRun) -> [Descriptor] {
    let output = try? run.output?.duplicate()
    let error = try? run.error?.duplicate()
    (entry.hasOutput, entry.hasError) = (output != nil, error != nil)
    return [output, error].compactMap(\.self)
  }

  private func finishIfConfirmed() {
    guard openAdoptions.isEmpty else { return }
    // Not before: a brain that dies in between has to find that the runs are not yet this keeper's.
    supervision.saveHeader()
    if let socket = starter.takeLogSocket() { logs.reconnect(socket) }
    keeper.send(.ready)
    supervision.feed(.keeperReplaced)
  }

  /// The new keeper's word on one of them.
  func adopted(_ entry: InventoryEntry, _ descriptors: [Descriptor]) {
    defer { if openAdoptions.remove(entry.key) != nil { finishIfConfirmed() } }
    guard let key = supervision.runs.key(of: entry.key), let run = supervision.runs[key] else {
      return programs.forgetUnknown(entry.key)
    }
    if entry.phase == .running {
      // Asked for, but the old keeper died before it could say so.
      if run.record.pid == 0, entry.pid != 0 {
        programs.spawned(entry.key, entry.pid, entry.startTime, entry.initPid, descriptors)
      }
      return
    }
    guard !run.isEmpty else { return }
    if run.record.pid == 0, run.exit == nil {
      supervision.runs.update(key) { $0.isEmpty = true }
      supervision.feed(
        .spawnFailed(key, SpawnFailure(stage: "keeper", errno: 0, message: "the keeper died while it was starting the program")))
      return programs.released(key)
    }
    if run.exit == nil {
      supervision.runs.update(key) { $0.exit = entry.exit }
      supervision.feed(.exited(key, entry.exit?.status ?? .unknown))
    }
    if entry.phase == .empty { programs.treeEmptied(entry.key) }
  }
}
