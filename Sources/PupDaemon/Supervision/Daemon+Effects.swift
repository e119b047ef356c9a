internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupAPI
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
    case .signal(let key, let number, let scope): signal(key, number, scope)
    case .release(let key): released(key)
    case .log(let severity, let category, let id, let text): log(severity.logSeverity, category, text, about: id)
    case .logChange(let severity, let category, let id, let text):
      log(severity.logSeverity, category, text, about: id, event: .processStatusChanged)
    case .refused(let id, let refusal): log(refusal.severity.logSeverity, refusal.category, refusal.words, about: id)
    case .event(let event): tell(event)
    case .answer(let number, let answer): answers.removeValue(forKey: number)?(answer)
    case .allStopped: allStopped()
    }
  }

  // MARK: Starting

  private func spawn(_ key: RunKey) {
    guard let configuration = runs[key.id]?.configuration, runs[key] != nil else {
      let reason =
        runs[key.id]?.isFull == true
        ? "\(StateSlot.capacity) runs of it, or what they left behind, have not ended"
        : "too many runs are open at once; their output has not been read to its end"
      return refuse(key, stage: "limits", reason)
    }
    // Where it is already being asked for, a take-over must not think that it has vanished.
    runs.update(key) { $0.isRequested = true }
    planner.find(key, configuration, environment) { [weak self] answer in self?.assumeIsolated { $0.planned(key, answer) } }
  }

  private func planned(_ key: RunKey, _ answer: CommandPlanner.Answer) {
    guard let configuration = runs[key.id]?.configuration, let run = runs[key], let entry = runs.entry(of: key) else { return }
    let plan: CommandPlan
    switch answer {
    case .plan(let found, let problem):
      plan = found
      runs.update(key) { $0.planProblem = problem }
    case .failed(let why): return refuse(key, stage: "exec", why)
    case .noThread: return refuse(key, stage: "plan", "no thread can be started to look for its program", isShortage: true)
    }
    runs.update(key) { $0.executable = plan.executable }
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
      runs.update(key) { $0.isSent = true }
      link?.send(.spawn(entry), owned: [memory])
    } catch {
      let message = "\(error)\(wayOut(ofDescriptorShortage: error.errno))"
      refuse(key, stage: "specification", message, isShortage: error.isShortage)
    }
  }

  private func signal(_ key: RunKey, _ signal: Int32, _ scope: PupCore.SignalScope) {
    guard let entry = runs.entry(of: key) else { return }
    // The keeper does not know it yet, and need not.
    if planner.cancel(key) { return refuse(key, stage: "plan", "it was stopped before its program was found") }
    link?.send(.signal(entry, signal: signal, scope: scope.inProtocol.rawValue))
  }

  private func refuse(_ key: RunKey, stage: String, _ message: String, isShortage: Bool = false) {
    runs.update(key) { ($0.isEmpty, $0.isReleased) = (true, true) }
    feed(.spawnFailed(key, SpawnFailure(stage: stage, errno: 0, message: message, isShortage: isShortage)))
  }

  /// The keeper protects itself and its brain from the OOM killer; programs get the ordinary score.
  private var childOOMScore: Int32 { 0 }

  // MARK: Saving

  func save(_ record: ProcessRecord) {
    guard runs[record.id] != nil else { return }
    runs.setRecord(record.encoded(), of: record.id)
    save(slotOf: record.id)
  }

  func save(slotOf id: ProcessID) {
    guard let process = runs[id], let error = recorder.save(process) else { return }
    log(.error, .state, "\(error); a supervisor that takes over now would not know the latest changes")
  }

  var header: StateHeader {
    var header = StateHeader()
    header.begun = true
    header.keeperPid = keeperPid
    header.keeperStartTime = keeperStartTime
    header.bootID = RuntimeFiles.bootID
    header.cgroupBase = welcome.cgroupBase
    header.terminatedBy = supervisor.terminatedBy?.words
    return header
  }

  func removeProcess(_ id: ProcessID) {
    runs.removeConfiguration(of: id)
    dropIfUnused(id)
  }

  func dropIfUnused(_ id: ProcessID) {
    guard let slot = runs.dropIfUnused(id) else { return }
    pump?.forget(process: id.text)
    recorder.clear(slot: slot)
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
      log(.error, .store, "\(error); what was stopped or blocked by hand is not known, and starts as configured")
      return newer
    }
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
