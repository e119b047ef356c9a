internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupStore
internal import PupSystem

extension Daemon {
  func perform(_ effect: Effect) {
    switch effect {
    case .spawn(let key, _): spawn(key)
    case .signal(let key, let signal, let scope):
      guard let process = processes[key.id] else { return }
      link?.send(
        .signal(EntryKey(slot: UInt32(process.slot), generation: key.generation), signal: signal, scope: scope.rawValue))
    case .release(let key): released(key)
    case .log(let severity, let category, let id, let text):
      log(severity.logSeverity, category, id.map { "\($0): \(text)" } ?? text)
    case .event(let event): tell(event)
    case .answer(let number, let answer): answers.removeValue(forKey: number)?(answer)
    case .allStopped: allStopped()
    }
  }

  // MARK: Starting

  /// Takes two rows of the stream ledger for a run that is about to be asked for. (One that is asked for again has them already.)
  func prepareRun(_ key: RunKey) {
    guard let process = processes[key.id], process.runs[key.generation] == nil, !process.isFull else { return }
    guard let out = freeRows.popLast(), let err = freeRows.popLast() else { return }
    let policy = process.configuration
    let entry = EntryKey(slot: UInt32(process.slot), generation: key.generation)
    ledger?.allocate(row: Int(out), key: entry.stream(.standardOutput))
    ledger?.allocate(row: Int(err), key: entry.stream(.standardError))
    processes[key.id]?.runs[key.generation] = LiveRun(
      record: RunRecord(
        generation: key.generation, rowOut: out, rowErr: err,
        graceNanoseconds: UInt64(clamping: policy?.terminateGracePeriod.nanoseconds ?? 0),
        timeoutNanoseconds: UInt64(clamping: policy?.terminateTimeout.nanoseconds ?? 30_000_000_000)))
  }

  private func spawn(_ key: RunKey) {
    guard let process = processes[key.id], let configuration = process.configuration, let run = process.runs[key.generation]
    else {
      let reason =
        processes[key.id]?.isFull == true
        ? "\(StateSlot.mostRuns) runs of it, or what they left behind, still live, and more are not kept apart"
        : "too many runs are open at once; their output has not been read to its end"
      return refuse(key, stage: "limits", reason)
    }
    let plan: CommandPlan
    do {
      plan = try CommandPlan.make(for: configuration, environment: environment)
    } catch {
      return refuse(key, stage: "exec", "\(error.message) (cwd \(configuration.workingDirectory))")
    }
    let entry = EntryKey(slot: UInt32(process.slot), generation: key.generation)
    let specification = SpawnSpecification(
      key: entry, rowOut: run.record.rowOut, rowErr: run.record.rowErr, graceNanoseconds: run.record.graceNanoseconds,
      timeoutNanoseconds: run.record.timeoutNanoseconds, openFiles: welcome.openFileLimit, oomScore: childOOMScore,
      cgroup: RunRecord.cgroupName(process: key.id.text, generation: key.generation), executable: plan.executable,
      workingDirectory: configuration.workingDirectory, arguments: plan.arguments,
      environment: PupConfiguration.environment(
        for: configuration, base: environment.variables,
        instance: surroundings(of: configuration)))
    do throws(SystemError) {
      let memory = try specification.memory()
      processes[key.id]?.runs[key.generation]?.isRequested = true
      link?.send(.spawn(entry), descriptors: [memory], closes: true)
    } catch {
      refuse(key, stage: "specification", "\(error)")
    }
  }

  private func refuse(_ key: RunKey, stage: String, _ message: String) {
    waiting.append(.spawnFailed(key, SpawnFailure(stage: stage, errno: 0, message: message)))
    processes[key.id]?.runs[key.generation]?.isEmpty = true
    processes[key.id]?.runs[key.generation]?.isReleased = true
  }

  func executableName(_ id: ProcessID) -> String {
    guard let configuration = processes[id]?.configuration,
      let plan = try? CommandPlan.make(for: configuration, environment: environment)
    else { return "the program" }
    return plan.executable
  }

  /// The keeper protects itself and its brain from the OOM killer; programs get the ordinary score.
  private var childOOMScore: Int32 { 0 }

  // MARK: Saving

  func save(_ record: ProcessRecord) {
    guard processes[record.id] != nil else { return }
    processes[record.id]?.record = record.encoded()
    save(slotOf: record.id)
  }

  func save(slotOf id: ProcessID) {
    guard let process = processes[id], let stateFile else { return }
    do throws(SystemError) {
      try stateFile.write(process.state, slot: process.slot)
      didRecordingFail = false
    } catch {
      // Told once; supervision goes on, and only a take-over would notice.
      if !didRecordingFail {
        log(.error, "state", "\(error); a supervisor that takes over now would not know the latest changes")
      }
      didRecordingFail = true
    }
  }

  func saveHeader() {
    var header = StateHeader()
    header.begun = true
    header.keeperPid = keeperPid
    header.keeperStartTime = keeperStartTime
    header.bootID = RuntimeFiles.bootID
    header.cgroupBase = welcome.cgroupBase
    try? stateFile?.write(header)
    isHeaderSaved = true
  }

  func removeProcess(_ id: ProcessID) {
    processes[id]?.configuration = nil
    if processes[id]?.runs.isEmpty == true { dropProcess(id) }
  }

  func dropProcess(_ id: ProcessID) {
    guard let process = processes.removeValue(forKey: id) else { return }
    idsBySlot[process.slot] = nil
    pump?.forget(process: id.text)
    try? stateFile?.clear(slot: process.slot)
    freeSlots.append(process.slot)
  }

  // MARK: Desired states

  func saveDesiredStates() {
    let revision = supervisor.desiredRevision
    guard revision != savedDesired, let store = surface?.store else { return }
    savedDesired = revision
    // The store itself tells when it cannot write, and tries again.
    store.saveDesired(supervisor.desiredStates)
  }

  /// - Parameter newer: of an instance that did not end cleanly.
  func loadDesiredStates(newer: [DesiredState]) -> [DesiredState] {
    savedDesired = supervisor.desiredRevision
    guard let store = surface?.store else { return newer }
    do throws(StoreError) {
      let known = Set(newer.map(\.id))
      return newer + (try store.loadDesired().map(\.state)).filter { !known.contains($0.id) }
    } catch {
      log(.error, "store", "\(error); what was stopped or blocked by hand is not known, and starts as configured")
      return newer
    }
  }

  // MARK: pidFile

  func writePidFile(_ id: ProcessID, _ pid: Int32) {
    guard let path = processes[id]?.configuration?.pidFile else { return }
    do throws(SystemError) {
      close(try RuntimeFiles.replace(path, with: Array("\(pid)\n".utf8), mode: 0o644))
    } catch {
      log(.warn, "pidfile", "\(id): \(error)")
    }
  }

  func removePidFile(_ id: ProcessID, ofRun generation: UInt32) {
    guard let path = processes[id]?.configuration?.pidFile, let pid = processes[id]?.runs[generation]?.record.pid else { return }
    // Under `overrun` the file may be a later run's by now.
    guard RuntimeFiles.text(of: path)?.split(separator: "\n").first.map(String.init) == String(pid) else { return }
    unlink(path)
  }
}

extension Severity {
  var logSeverity: LogSeverity {
    switch self {
    case .log: .log
    case .info: .info
    case .warn: .warn
    case .error: .error
    }
  }
}
