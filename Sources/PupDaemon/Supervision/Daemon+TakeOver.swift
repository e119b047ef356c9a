internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// How a brain comes into its own: the keeper's welcome, its list of runs, what the state file remembers, then the core.
extension Daemon {
  // MARK: Welcome

  func welcomed(_ welcome: KeeperMessage.Welcome, _ descriptors: [Descriptor]) {
    let messages = ProtocolFormat.messages
    guard messages.versions.contains(welcome.agreed) else {
      refuse(
        "the keeper speaks \(messages.name) \(Format.words(welcome.speaks)) and this supervisor \(Format.words(messages.versions))"
      )
    }
    // Later keepers may send more, behind those.
    guard descriptors.count >= WelcomeDescriptor.allCases.count + welcome.kept.count else {
      fatal("the keeper's welcome came without all of its descriptors")
    }
    let isReunion = instance != nil
    self.welcome = welcome
    keeperPid = welcome.keeperPid
    keeperStartTime = ProcFiles.stat(of: keeperPid)?.startTime ?? 0
    if isReunion {
      keeperWorks()
      // A new keeper has the same files, from this brain's own hands.
      return handKeptOver()
    }
    held = Array(descriptors.prefix(WelcomeDescriptor.allCases.count))
    for (name, descriptor) in zip(welcome.kept, descriptors.dropFirst(held.count)) { kept[name] = descriptor }
    do {
      try openInstance(held.map(\.number))
    } catch {
      cannotTakeOver(error)
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
    isTemporaryOurs = (try? OwnFolder(instance.temporaryDirectory)).flatMap(RuntimePointer.read(in:))?.madeTemporary ?? true
    // Where the configuration's relative paths start is where Pup works.
    _ = chdir(instance.directory)
    let report = PupConfiguration.load(
      bytes: instance.configuration, path: instance.configurationPath, directory: instance.directory, environment: environment,
      checkingFiles: false)
    guard let configuration = report.configuration else {
      // A brain of another version may see it differently. The keeper then keeps the programs, and says so.
      refuse("the configuration in force is refused by this version:\n\(report.rendered())")
    }
    self.configuration = configuration
    stateFile = try StateFile(descriptor: descriptors[WelcomeDescriptor.state.rawValue])
    recorder = Recorder(stateFile)
    let ledger = try StreamLedger(
      descriptor: descriptors[WelcomeDescriptor.streams.rawValue], rows: Int(welcome.ledgerRows))
    self.ledger = ledger
    if surroundings.hasLogs { try startLogs(ledger, sinks: descriptors[WelcomeDescriptor.sinks.rawValue]) }
  }

  // MARK: Inventory

  func inventory(_ chunk: UInt32, _ last: Bool, _ entries: [InventoryEntry], _ descriptors: [Descriptor]) {
    var rest = descriptors[...]
    for entry in entries { keepFound(entry, &rest) }
    link?.send(.inventoryReceived(chunk: chunk))
    guard last else { return }
    switch phase {
    case .supervising: adoptAll()
    // Everything has stopped: a list that comes now must not begin it anew.
    case .leaving: break
    default: readState()
    }
  }

  private func keepFound(_ entry: InventoryEntry, _ descriptors: inout ArraySlice<Descriptor>) {
    let output = entry.hasOutput ? descriptors.popFirst() : nil
    let error = entry.hasError ? descriptors.popFirst() : nil
    // One that is listed twice counts as it was listed last.
    found[entry.key] = FoundRun(entry: entry, output: output, error: error)
  }

  // MARK: What the state file remembers

  private func readState() {
    guard let stateFile else { return }
    do throws(FormatError) {
      remembered = try TakeOverFacts(reading: stateFile)
    } catch {
      cannotTakeOver(error)
    }
    decide()
  }

  /// With what is known by now; once more when the keeper has answered for the runs that it did not start.
  private func decide(isAnswered: Bool = false) {
    guard var facts = remembered, let configuration else { return }
    (facts.keeperPid, facts.keeperStartTime, facts.rows) = (keeperPid, keeperStartTime, ledger?.rows ?? 0)
    (facts.inventory, facts.isAnswered) = (found.mapValues(\.entry), isAnswered)
    for pid in found.values.map(\.entry.initPid) where pid > 0 { facts.initStartTimes[pid] = ProcFiles.stat(of: pid)?.startTime }
    facts.configured = configuration.processes.map(\.id)
    switch facts.decision() {
    case .refuse(let error): cannotTakeOver(error)
    case .noRoom(let id): fatal("the state file has no room for \(id.text)")
    case .adopt(let adoptions): ask(adoptions)
    case .begin(let plan):
      remembered = nil
      begin(plan)
    }
  }

  private func ask(_ adoptions: [TakeOverDecision.Adoption]) {
    phase = .adopting(Set(adoptions.map(\.key)))
    for adoption in adoptions {
      link?.send(
        .adopt(
          self.adoption(of: adoption.run, adoption.key, adoption.process.text), graceNanoseconds: adoption.run.graceNanoseconds,
          timeoutNanoseconds: adoption.run.timeoutNanoseconds))
    }
  }

  func adoption(of run: RunRecord, _ key: EntryKey, _ process: String) -> InventoryEntry {
    var entry = InventoryEntry(key: key, phase: .running)
    entry.pid = run.pid
    entry.startTime = run.startTime
    entry.initPid = run.initPid
    entry.initStartTime = run.initStartTime
    (entry.pipeOut, entry.pipeErr) = (run.pipeOut, run.pipeErr)
    // A run with a pup-init may have one as well: the keeper looks.
    entry.cgroup = RunRecord.cgroupName(process: process, generation: run.generation)
    entry.rowOut = run.rowOut
    entry.rowErr = run.rowErr
    entry.consumedOut = ledger?.row(Int(run.rowOut))?.consumed ?? 0
    entry.consumedErr = ledger?.row(Int(run.rowErr))?.consumed ?? 0
    return entry
  }

  /// The keeper's word on a run that it did not start.
  func adopted(_ entry: InventoryEntry, _ descriptors: [Descriptor]) {
    var rest = descriptors[...]
    if case .supervising = phase { return readopted(entry, descriptors) }
    keepFound(entry, &rest)
    guard case .adopting(var open) = phase else { return }
    open.remove(entry.key)
    phase = .adopting(open)
    if open.isEmpty { decide(isAnswered: true) }
  }

  // MARK: Begin

  private func begin(_ plan: TakeOverPlan) {
    guard let configuration else { return }
    phase = .supervising
    if case .fresh = plan.start { forgetHistory(plan) }
    for slot in plan.cleared { recorder.clear(slot: slot) }
    runs = RunTable(plan, configuration, ledger)
    supervisor = Supervisor(definitions: configuration.definitions())
    watchWallClock()
    home = instance.flatMap { HomeFolder($0.directory) }
    openSurface()
    switch plan.start {
    case .takeOver(let records): takeOver(plan, records)
    case .fresh(let decided):
      announceStart()
      surface?.publish(.initialized)
      feed(.begin(desired: loadDesiredStates(newer: decided)))
    }
    // What is watched is whatever a file system holds, and may have been the cause.
    if welcome.safeMode == nil { startWatching() }
    serveSurface()
    scheduleShrinking()
    readyAt = Clock.wallMicroseconds
    link?.send(.ready)
    link?.send(
      .notify(
        "READY=1\nSTATUS=\(configuration.processes.count) process\(configuration.processes.count == 1 ? "" : "es")\(safeMode == nil ? "" : ", in safe mode")"
      ))
    if let safeMode { log(.error, .safe, safeMode.text) }
    if let terminatedBefore = plan.terminatedBy { terminate(by: .consumer(terminatedBefore)) }
    if welcome.terminateSignal != 0 { terminate(welcome.terminateSignal) }
  }

  private func forgetHistory(_ plan: TakeOverPlan) {
    for run in plan.found where run.action == .forget {
      found[run.key] = nil
      link?.send(.forget(run.key))
    }
  }

  private func takeOver(_ plan: TakeOverPlan, _ records: [ProcessRecord]) {
    forgetHistory(plan)
    var observations: [RunKey: RunObservation] = [:]
    for run in plan.found {
      switch run.action {
      case .forget: break
      case .kill:
        found[run.key] = nil
        link?.send(.signal(run.key, signal: SIGKILL, scope: TreeScope.tree.rawValue))
        link?.send(.forget(run.key))
      case .adopt(let id):
        guard let there = found[run.key] else { continue }
        let key = RunKey(id: id, generation: run.key.generation)
        restore(there, as: key)
        observations[key] = observation(of: there.entry, key)
      }
    }
    log(
      .warn, .takeover,
      "a new supervisor took over \(plan.alive) running program\(plan.alive == 1 ? "" : "s")\(welcome.reason.isEmpty ? "" : "; the one before: \(welcome.reason)")"
    )
    mentionEditedConfiguration()
    // What was decided since the database last heard of it (in safe mode it hears of nothing) is written once more.
    savedDesired = .max
    feed(.takeOver(records: records, runs: observations))
    settleEnded(plan)
    found = [:]
  }

  private func restore(_ found: FoundRun, as key: RunKey) {
    let entry = found.entry
    runs.update(key) { run in
      // Before the core decides and is saved: such runs are not in the way of new ones.
      if entry.hasEnded { (run.isEmpty, run.isReleased) = (true, true) }
      run.exit = entry.exit
    }
    attach(entry.key, output: found.output, error: found.error, consumed: (entry.consumedOut, entry.consumedErr))
    // Nobody is left who could write to them.
    if entry.hasEnded { endStreams(of: entry.key) }
    restorePidFile(key, entry)
  }

  /// The brain before may have died between what it noted and the file.
  private func restorePidFile(_ key: RunKey, _ entry: InventoryEntry) {
    if entry.phase == .running {
      pidFiles.put(.ensure(entry.pid), runs[key.id]?.configuration?.pidFile, of: key.id)
    } else {
      removePidFile(key)
    }
  }

  /// Runs that had ended before: those that the core has no use for are done when their output is read.
  private func settleEnded(_ plan: TakeOverPlan) {
    for key in plan.vanished {
      // A run that the core has started again just now is asked for anew.
      guard runs[key]?.isRequested == false else { continue }
      runs.update(key) { $0.isEmpty = true }
      released(key)
    }
    for run in plan.found {
      guard case .adopt(let id) = run.action, found[run.key]?.entry.hasEnded == true else { continue }
      released(RunKey(id: id, generation: run.key.generation))
    }
  }

  private func observation(of entry: InventoryEntry, _ key: RunKey) -> RunObservation {
    switch entry.phase {
    case .spawning: .spawning
    case .running: .alive(pid: entry.pid)
    case .exited: .exited(entry.exit?.status ?? .unknown)
    case .empty: .ended(entry.exit?.status ?? .unknown)
    case .failed: .spawnFailed(failure(key, entry.failureStage, entry.failureErrno))
    }
  }

  private func announceStart() {
    let count = configuration?.processes.count ?? 0
    log(
      .info, .core,
      "Pup \(PupVersion.text) supervises \(count) process\(count == 1 ? "" : "es") of \(instance?.configurationPath ?? "")")
  }

  /// The file on disk is read by `pup run` only; somebody who edited it should not have to guess.
  private func mentionEditedConfiguration() {
    guard let instance, !instance.isAdHoc else { return }
    let name = PathText.name(of: instance.configurationPath)
    // Off the loop: the file is the user's, and may be on a disk that hangs.
    _ = pool.run { [weak self, loop] in
      let onDisk = try? ConfigurationFile.read("\(instance.directory)/\(name)")
      guard onDisk != instance.configuration else { return }
      loop.post { [weak self] in
        self?.assumeIsolated {
          $0.log(
            .info, .configuration,
            "\(instance.configurationPath) differs from the configuration in force, which stays as it was applied")
        }
      }
    }
  }
}
