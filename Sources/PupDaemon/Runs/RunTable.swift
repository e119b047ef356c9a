internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupSystem

/// The processes of the instance with their places in the state file, and their runs with their rows in the stream ledger. The
/// only way to a run: what is not in the table is not there, for the keeper's messages as for the core's effects.
struct RunTable {
  /// Survivors that the configuration no longer names are in it too.
  private var processes: [ProcessID: ManagedProcess] = [:]
  private var idsBySlot: [Int: ProcessID] = [:]
  /// The next one to use comes last.
  private var freeSlots: [Int] = []
  private var freeRows: [UInt32] = []
  private var ledger: StreamLedger?

  init() {}

  init(_ plan: TakeOverPlan, _ configuration: PupConfiguration, _ ledger: StreamLedger?) {
    processes = plan.places.mapValues { place in
      var process = ManagedProcess(id: place.id, slot: place.slot, configuration: configuration.process(place.id))
      process.record = place.record
      process.runs = place.runs.mapValues { LiveRun(record: $0) }
      return process
    }
    (idsBySlot, freeSlots, freeRows, self.ledger) = (plan.idsBySlot, plan.freeSlots, plan.freeRows, ledger)
    for row in freeRows where ledger?.row(Int(row))?.key != 0 { ledger?.free(row: Int(row)) }
  }

  // MARK: Asking

  var all: some Collection<ManagedProcess> { processes.values }

  /// Every run is over, with its output.
  var hasNoRuns: Bool { processes.values.allSatisfy(\.runs.isEmpty) }

  subscript(id: ProcessID) -> ManagedProcess? { processes[id] }

  subscript(key: RunKey) -> LiveRun? { processes[key.id]?.runs[key.generation] }

  func process(in slot: UInt32) -> ProcessID? { idsBySlot[Int(slot)] }

  /// The run that the keeper means; nil where there is none.
  func key(of entry: EntryKey) -> RunKey? {
    guard let id = process(in: entry.slot) else { return nil }
    let key = RunKey(id: id, generation: entry.generation)
    return self[key] == nil ? nil : key
  }

  /// What the keeper calls a run, whether it is open or not; nil for a process that is not here.
  func entry(of key: RunKey) -> EntryKey? { processes[key.id]?.entry(key.generation) }

  func newest(of id: ProcessID) -> (key: RunKey, run: LiveRun)? {
    guard let newest = processes[id]?.runs.max(by: { $0.key < $1.key }) else { return nil }
    return (RunKey(id: id, generation: newest.key), newest.value)
  }

  // MARK: Runs

  /// Nothing happens to a run that is not here.
  mutating func update(_ key: RunKey, _ change: (inout LiveRun) -> Void) {
    guard let process = processes.index(forKey: key.id) else { return }
    processes.values[process].update(key.generation, change)
  }

  /// Opens a run that is about to be asked for, with two rows of the stream ledger. One that is open already, as it is asked for
  /// again, has them; one for which there is no room stays closed.
  mutating func open(_ key: RunKey) {
    guard let process = processes[key.id], process.runs[key.generation] == nil, !process.isFull else { return }
    guard let out = freeRows.popLast(), let err = freeRows.popLast() else { return }
    let entry = process.entry(key.generation)
    ledger?.allocate(row: Int(out), key: entry.stream(.standardOutput))
    ledger?.allocate(row: Int(err), key: entry.stream(.standardError))
    processes[key.id]?.runs[key.generation] = LiveRun(
      record: RunRecord(
        generation: key.generation, rowOut: out, rowErr: err,
        graceNanoseconds: UInt64(clamping: process.configuration?.terminateGracePeriod.nanoseconds ?? 0),
        timeoutNanoseconds: UInt64(clamping: process.configuration?.terminateTimeout.nanoseconds ?? 30_000_000_000)))
  }

  /// Closes a run of which nothing is left to do, and frees its rows.
  /// - Returns: the run; nil where it is not done.
  mutating func closeIfDone(_ key: RunKey) -> LiveRun? {
    guard let process = processes[key.id], let run = process.runs[key.generation], run.isDone else { return nil }
    processes[key.id]?.runs[key.generation] = nil
    let entry = process.entry(key.generation)
    for (row, which) in [(run.record.rowOut, OutputStream.standardOutput), (run.record.rowErr, .standardError)] {
      // Another run's row, or none, where the keeper knew of no such stream.
      guard let ledger, ledger.row(Int(row))?.key == entry.stream(which) else { continue }
      ledger.free(row: Int(row))
      freeRows.append(row)
    }
    return run
  }

  // MARK: Processes

  mutating func setRecord(_ record: [UInt8], of id: ProcessID) { processes[id]?.record = record }

  /// The configuration no longer names it.
  mutating func removeConfiguration(of id: ProcessID) { processes[id]?.configuration = nil }

  /// Drops a process that the configuration does not name and of which nothing runs.
  /// - Returns: the place in the state file that is free by that, to be emptied; nil where the process stays.
  mutating func dropIfUnused(_ id: ProcessID) -> Int? {
    guard let process = processes[id], process.configuration == nil, process.runs.isEmpty else { return nil }
    processes[id] = nil
    idsBySlot[process.slot] = nil
    freeSlots.append(process.slot)
    return process.slot
  }
}
