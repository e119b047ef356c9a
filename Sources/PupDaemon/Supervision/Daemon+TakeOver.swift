internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// How a brain comes into its own: the keeper's welcome, its list of runs, what the state file remembers, then the core.
extension Daemon {
  // MARK: Welcome

  func welcomed(_ welcome: KeeperMessage.Welcome, _ descriptors: [Int32]) {
    guard welcome.protocolVersion == BrainMessage.version,
      descriptors.count == WelcomeDescriptor.allCases.count + welcome.kept.count
    else {
      fatal("the keeper speaks protocol \(welcome.protocolVersion), this supervisor \(BrainMessage.version)")
    }
    let isReunion = instance != nil
    self.welcome = welcome
    keeperPid = welcome.keeperPid
    keeperStartTime = ProcFiles.stat(of: keeperPid)?.startTime ?? 0
    if isReunion {
      // A new keeper has the same files, from this brain's own hands.
      for descriptor in descriptors { close(descriptor) }
      return handKeptOver()
    }
    held = Array(descriptors.prefix(WelcomeDescriptor.allCases.count))
    for (name, descriptor) in zip(welcome.kept, descriptors.dropFirst(held.count)) { kept[name] = descriptor }
    do {
      try openInstance(held)
    } catch {
      fatal("cannot take over: \(error)")
    }
    phase = .inventory
  }

  private func openInstance(_ descriptors: [Int32]) throws {
    guard let bytes = RuntimeFiles.content(of: descriptors[WelcomeDescriptor.instance.rawValue]) else {
      throw SystemError("read(instance)", errno: EIO)
    }
    let instance = try InstanceDescription(decoding: bytes)
    self.instance = instance
    paths = StoragePaths(
      name: "", directory: "", dataOverride: instance.dataDirectory, temporaryOverride: instance.temporaryDirectory,
      workingDirectory: "/")
    // Where the configuration's relative paths start is where Pup works.
    _ = chdir(instance.directory)
    let report = PupConfiguration.load(
      bytes: instance.configuration, path: instance.configurationPath, directory: instance.directory, environment: environment,
      checkingFiles: false)
    guard let configuration = report.configuration else {
      // A brain of another version may see it differently. The keeper then keeps the programs, and says so.
      fatal("the configuration in force is refused by this version:\n\(report.rendered())")
    }
    self.configuration = configuration
    stateFile = try StateFile(descriptor: descriptors[WelcomeDescriptor.state.rawValue])
    let ledger = try StreamLedger(
      descriptor: descriptors[WelcomeDescriptor.streams.rawValue], rows: Int(welcome.ledgerRows))
    self.ledger = ledger
    try startLogs(ledger, sinks: descriptors[WelcomeDescriptor.sinks.rawValue])
  }

  // MARK: Inventory

  func inventory(_ chunk: UInt32, _ last: Bool, _ entries: [InventoryEntry], _ descriptors: [Int32]) {
    var rest = descriptors[...]
    for entry in entries { keepFound(entry, &rest) }
    for descriptor in rest { close(descriptor) }
    link?.send(.inventoryReceived(chunk: chunk))
    guard last else { return }
    if case .supervising = phase { return adoptAll() }
    readState()
  }

  private func keepFound(_ entry: InventoryEntry, _ descriptors: inout ArraySlice<Int32>) {
    let output = entry.hasOutput ? descriptors.popFirst() : nil
    let error = entry.hasError ? descriptors.popFirst() : nil
    found[entry.key] = FoundRun(entry: entry, output: output ?? -1, error: error ?? -1)
  }

  // MARK: What the state file remembers

  private func readState() {
    guard let stateFile else { return }
    let header = stateFile.readHeader()
    let sameKeeper = header.keeperPid == keeperPid && header.keeperStartTime == keeperStartTime
    var adoptions: [(InventoryEntry, RunRecord)] = []
    for slot in 0..<stateFile.capacity {
      guard header.begun, let content = stateFile.read(slot: slot) else {
        freeSlots.append(slot)
        continue
      }
      let id = ProcessID(content.process)
      var process = ManagedProcess(id: id, slot: slot, configuration: configuration?.process(id))
      process.record = content.record
      for run in content.runs {
        process.runs[run.generation] = LiveRun(record: run)
        let key = EntryKey(slot: UInt32(slot), generation: run.generation)
        if found[key] == nil, !sameKeeper { adoptions.append((adoption(of: run, key, content.process), run)) }
      }
      processes[id] = process
      idsBySlot[slot] = id
    }
    freeSlots.reverse()
    collectFreeRows()
    isNewInstance = header.begun && !sameKeeper
    if adoptions.isEmpty { return begin(takingOver: header.begun && (sameKeeper || !found.isEmpty)) }
    phase = .adopting(Set(adoptions.map(\.0.key)))
    for (entry, run) in adoptions {
      link?.send(.adopt(entry, graceNanoseconds: run.graceNanoseconds, timeoutNanoseconds: run.timeoutNanoseconds))
    }
  }

  func adoption(of run: RunRecord, _ key: EntryKey, _ process: String) -> InventoryEntry {
    var entry = InventoryEntry(key: key, phase: .running)
    entry.pid = run.pid
    entry.startTime = run.startTime
    entry.initPid = run.initPid
    entry.initStartTime = run.initStartTime
    (entry.pipeOut, entry.pipeErr) = (run.pipeOut, run.pipeErr)
    entry.cgroup = run.initPid == 0 ? RunRecord.cgroupName(process: process, generation: run.generation) : ""
    entry.rowOut = run.rowOut
    entry.rowErr = run.rowErr
    entry.consumedOut = ledger?.row(Int(run.rowOut))?.consumed ?? 0
    entry.consumedErr = ledger?.row(Int(run.rowErr))?.consumed ?? 0
    return entry
  }

  private func collectFreeRows() {
    guard let ledger else { return }
    let known = processes.values.flatMap { $0.runs.values.flatMap { [$0.record.rowOut, $0.record.rowErr] } }
    // Runs that are over are the keeper's to tell.
    let used = Set(known + found.values.flatMap { $0.entry.rows })
    freeRows = (0..<UInt32(ledger.rows)).reversed().filter { !used.contains($0) }
    for row in freeRows where ledger.row(Int(row))?.key != 0 { ledger.free(row: Int(row)) }
  }

  /// The keeper's word on a run that it did not start.
  func adopted(_ entry: InventoryEntry, _ descriptors: [Int32]) {
    var rest = descriptors[...]
    if case .supervising = phase { return readopted(entry, descriptors) }
    keepFound(entry, &rest)
    for descriptor in rest { close(descriptor) }
    guard case .adopting(var open) = phase else { return }
    open.remove(entry.key)
    phase = .adopting(open)
    guard open.isEmpty else { return }
    let survivors = found.values.count { [.running, .spawning, .exited].contains($0.entry.phase) }
    begin(takingOver: survivors > 0)
  }

  // MARK: Begin

  private func begin(takingOver: Bool) {
    guard let configuration else { return }
    phase = .supervising
    // Written before the answer to whoever decided; the database may not have got it before everything was killed.
    let decided = processes.values.compactMap { ProcessRecord(decoding: $0.record)?.desired }
    if !takingOver { forgetEverything() }
    for process in configuration.processes where processes[process.id] == nil {
      guard let slot = freeSlots.popLast() else { fatal("the state file has no room for \(process.id.text)") }
      processes[process.id] = ManagedProcess(id: process.id, slot: slot, configuration: process)
      idsBySlot[slot] = process.id
    }
    supervisor = Supervisor(definitions: configuration.definitions())
    watchWallClock()
    openSurface()
    if takingOver {
      takeOver()
    } else {
      announceStart()
      surface?.publish(.initialized)
      feed(.begin(desired: loadDesiredStates(newer: decided)))
    }
    startWatching()
    serveSurface()
    scheduleShrinking()
    link?.send(.ready)
    link?.send(.notify("READY=1\nSTATUS=\(configuration.processes.count) processes"))
    if welcome.terminateSignal != 0 { terminate(welcome.terminateSignal) }
  }

  /// Nothing of the last instance is alive: its records are history.
  private func forgetEverything() {
    for key in found.keys { link?.send(.forget(key)) }
    for run in found.values { for descriptor in [run.output, run.error] where descriptor >= 0 { close(descriptor) } }
    found = [:]
    for process in processes.values {
      try? stateFile?.clear(slot: process.slot)
      freeSlots.append(process.slot)
    }
    processes = [:]
    idsBySlot = [:]
    collectFreeRows()
  }

  /// Of an instance whose keeper died as well, only what survived goes on; everything else starts as `pup run` starts it.
  private func dropEnded() {
    for (id, process) in processes {
      let keys = process.runs.keys.map { EntryKey(slot: UInt32(process.slot), generation: $0) }
      let survives = keys.contains { found[$0].map { [.running, .spawning, .exited].contains($0.entry.phase) } ?? false }
      let record = ProcessRecord(decoding: process.record)?.forNewInstance()
      if survives || record?.isKeptDown == true {
        processes[id]?.record = record?.encoded() ?? []
        continue
      }
      for key in keys {
        if let run = found.removeValue(forKey: key) {
          for descriptor in [run.output, run.error] where descriptor >= 0 { close(descriptor) }
          link?.send(.forget(key))
        }
      }
      processes[id]?.record = []
      processes[id]?.runs = [:]
    }
    collectFreeRows()
  }

  private func takeOver() {
    if isNewInstance { dropEnded() }
    var observations: [RunKey: RunObservation] = [:]
    for (key, run) in foundInOrder {
      guard let id = idsBySlot[Int(key.slot)] else {
        // Not in the state: nobody can say what it is.
        link?.send(.signal(key, signal: SIGKILL, scope: SignalScope.tree.rawValue))
        link?.send(.forget(key))
        continue
      }
      if processes[id]?.runs[key.generation] == nil {
        processes[id]?.runs[key.generation] = LiveRun(
          record: RunRecord(
            generation: key.generation, rowOut: run.entry.hasOutput ? run.entry.rowOut : RunRecord.noRow,
            rowErr: run.entry.hasError ? run.entry.rowErr : RunRecord.noRow, graceNanoseconds: 0, timeoutNanoseconds: 0))
      }
      if run.entry.hasEnded {
        // Before the core decides and is saved: such runs are not in the way of new ones.
        processes[id]?.runs[key.generation]?.isEmpty = true
        processes[id]?.runs[key.generation]?.isReleased = true
      }
      processes[id]?.runs[key.generation]?.record.pid = run.entry.pid
      processes[id]?.runs[key.generation]?.record.startTime = run.entry.startTime
      processes[id]?.runs[key.generation]?.record.initPid = run.entry.initPid
      processes[id]?.runs[key.generation]?.record.initStartTime =
        run.entry.initPid > 0 ? ProcFiles.stat(of: run.entry.initPid)?.startTime ?? 0 : 0
      processes[id]?.runs[key.generation]?.exit = run.entry.exit
      attach(
        id, key, output: run.output, error: run.error, consumed: (run.entry.consumedOut, run.entry.consumedErr))
      if run.entry.hasEnded { endStreams(of: key) }
      observations[RunKey(id: id, generation: key.generation)] = observation(of: run.entry, id)
    }
    let records = processes.values.compactMap { process in
      process.record.isEmpty ? nil : ProcessRecord(decoding: process.record)
    }
    let alive = found.values.count { $0.entry.phase == .running }
    log(
      .warn, "takeover",
      "a new supervisor took over \(alive) running program\(alive == 1 ? "" : "s")\(welcome.reason.isEmpty ? "" : "; the one before: \(welcome.reason)")"
    )
    if welcome.safe { log(.error, "safe", "safe mode: \(welcome.reason). What runs is kept; plugins and listeners stay off") }
    mentionEditedConfiguration()
    feed(.takeOver(records: records, runs: observations))
    settleEnded()
    found = [:]
  }

  /// Runs that have ended come first: behind what living programs flood their pipes with, their last words, and all that a run holds until they are
  /// read, would wait longer than a supervisor may live. Earlier runs of a process before later ones, as their lines are.
  private var foundInOrder: [(key: EntryKey, value: FoundRun)] {
    found.sorted { left, right in
      if left.value.entry.hasEnded != right.value.entry.hasEnded { return left.value.entry.hasEnded }
      return (left.key.slot, left.key.generation) < (right.key.slot, right.key.generation)
    }
  }

  /// Nobody is left who could write to them.
  private func endStreams(of key: EntryKey) {
    guard let id = idsBySlot[Int(key.slot)], let run = processes[id]?.runs[key.generation] else { return }
    for which in OutputStream.allCases where run.openStreams.contains(which) { pump?.treeEnded(key: key.stream(which)) }
  }

  /// Runs that had ended before: those that the core has no use for are done when their output is read.
  private func settleEnded() {
    for (id, process) in processes {
      for (generation, run) in process.runs {
        let key = EntryKey(slot: UInt32(process.slot), generation: generation)
        guard let entry = found[key]?.entry else {
          // Never reached the keeper, or forgotten by it already; a run that the core started again just now is asked for anew.
          if !run.isRequested { runVanished(id, generation) }
          continue
        }
        guard entry.hasEnded else { continue }
        released(RunKey(id: id, generation: generation))
      }
    }
  }

  private func runVanished(_ id: ProcessID, _ generation: UInt32) {
    processes[id]?.runs[generation]?.isEmpty = true
    released(RunKey(id: id, generation: generation))
  }

  private func observation(of entry: InventoryEntry, _ id: ProcessID) -> RunObservation {
    switch entry.phase {
    case .spawning: .spawning
    case .running: .alive(pid: entry.pid)
    case .exited: .exited(entry.exit?.status ?? .unknown)
    case .empty: .ended(entry.exit?.status ?? .unknown)
    case .failed: .spawnFailed(failure(id, entry.failureStage, entry.failureErrno))
    }
  }

  private func announceStart() {
    let count = configuration?.processes.count ?? 0
    log(
      .info, "core",
      "Pup \(PupVersion.text) supervises \(count) process\(count == 1 ? "" : "es") of \(instance?.configurationPath ?? "")")
  }

  /// The file on disk is read by `pup run` only; somebody who edited it should not have to guess.
  private func mentionEditedConfiguration() {
    guard let instance, !instance.isAdHoc else { return }
    let name = instance.configurationPath.split(separator: "/").last.map(String.init) ?? ""
    let onDisk = try? ConfigurationFile.read("\(instance.directory)/\(name)")
    guard onDisk != instance.configuration else { return }
    log(
      .info, "configuration",
      "\(instance.configurationPath) differs from the configuration in force, which stays as it was applied")
  }
}
