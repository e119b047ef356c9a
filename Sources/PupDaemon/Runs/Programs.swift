internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// What the core wants done to the runs, and what the keeper says of them, from the search for a program until nothing of a run
/// is left to do. Belongs to the control loop.
final class Programs {
  let loop: EventLoop
  let state: BrainState
  let keeper: KeeperSession
  let supervision: Supervision
  let interface: Interface
  let logs: BrainLogs
  let planner: CommandPlanner
  let pidFiles: PidFiles
  let environment: SystemConfigurationEnvironment
  /// What has left the trees of programs; of those alone that something has left.
  private(set) var strays: [ProcessID: StrayBook] = [:]
  /// Something may be left of programs that end, and nobody knows of which.
  var onLeftover: (String) -> Void = { _ in }
  /// Nothing is left to do about a run.
  var onRunClosed: () -> Void = {}

  init(
    on loop: EventLoop, _ state: BrainState, _ keeper: KeeperSession, _ supervision: Supervision, _ interface: Interface,
    _ logs: BrainLogs, _ planner: CommandPlanner, _ pidFiles: PidFiles, _ environment: SystemConfigurationEnvironment
  ) {
    (self.loop, self.state, self.keeper, self.supervision, self.logs) = (loop, state, keeper, supervision, logs)
    (self.interface, self.planner, self.pidFiles, self.environment) = (interface, planner, pidFiles, environment)
  }

  var runs: RunTable { supervision.runs }

  var me: LoopBound<Programs> { LoopBound(self, to: loop) }

  // MARK: What the keeper says

  /// Nobody shall read "stopped" while something may be left.
  func strayed(_ report: StrayReport) {
    guard let key = report.key else {
      logs.log(.error, .stray, report.lostText)
      onLeftover(report.lostText)
      return
    }
    logs.log(
      .warn, .stray, "process \(report.pid) (\(report.name)) has left the run's cgroup; it ends with the run",
      about: runs.process(in: key.slot))
    if let id = runs.process(in: key.slot) { strays[id, default: StrayBook()].note(report, key.generation) }
  }

  func spawned(_ entry: EntryKey, _ pid: Int32, _ startTime: UInt64, _ initPid: Int32, _ descriptors: [Descriptor]) {
    guard let key = runs.key(of: entry) else { return }
    supervision.runs.update(key) { run in
      (run.record.pid, run.record.startTime, run.record.initPid) = (pid, startTime, initPid)
      if initPid > 0 { run.record.initStartTime = ProcFiles.stat(of: initPid)?.startTime ?? 0 }
    }
    attach(entry, output: descriptors.first, error: descriptors.dropFirst().first, consumed: (0, 0))
    supervision.save(slotOf: key.id)
    let path = runs[key.id]?.configuration?.pidFile
    pidFiles.put(.write(pid), path, of: key.id)
    // Whoever hears that it runs finds the file.
    pidFiles.whenDone(path) { [me] in me { $0.announce(key) } }
  }

  /// Tells the core, once, that the run executes.
  private func announce(_ key: RunKey) {
    guard let run = runs[key], run.record.pid > 0, !run.isAnnounced else { return }
    supervision.runs.update(key) { $0.isAnnounced = true }
    supervision.feed(.spawned(key, pid: run.record.pid))
  }

  /// Hands a run's output over to the log pump.
  func attach(_ entry: EntryKey, output: Descriptor?, error: Descriptor?, consumed: (UInt64, UInt64)) {
    guard let pump = logs.pump, let key = runs.key(of: entry), let run = runs[key] else { return }
    let destination = logDestination(of: key.id)
    for (descriptor, which, row, offset) in [
      (output, OutputStream.standardOutput, run.record.rowOut, consumed.0),
      (error, OutputStream.standardError, run.record.rowErr, consumed.1),
    ] {
      guard let descriptor, descriptor.isOpen else { continue }
      // Without one a new keeper finds the pipe by the processes that have it open.
      let copy = try? descriptor.duplicate()
      var identity = pup_file_identity()
      _ = pup_identity(descriptor.number, &identity)
      supervision.runs.update(key) { run in
        run.openStreams.insert(which)
        if which == .standardOutput {
          (run.output, run.record.pipeOut) = (copy, identity.inode)
        } else {
          (run.error, run.record.pipeErr) = (copy, identity.inode)
        }
      }
      pump.attach(
        StreamAttachment(
          row: Int(row), key: entry.stream(which), descriptor: descriptor, process: key.id.text, which: which,
          consumed: offset,
          destination: destination))
    }
  }

  private func logDestination(of id: ProcessID) -> PupLogs.LogDestination {
    guard let configuration = state.configuration else { return PupLogs.LogDestination() }
    return BrainLogs.destination(runs[id]?.configuration?.log ?? configuration.logger.destination)
  }

  func spawnFailed(_ entry: EntryKey, _ error: SpawnError) {
    guard let key = runs.key(of: entry) else { return forgetUnknown(entry) }
    supervision.runs.update(key) { $0.isEmpty = true }
    supervision.feed(.spawnFailed(key, failure(key, error)))
    released(key)
  }

  func exited(_ entry: EntryKey, _ exit: ExitRecord) {
    guard let key = runs.key(of: entry) else { return }
    if runs[key]?.isRequested == true { announce(key) }
    supervision.runs.update(key) { $0.exit = exit }
    removePidFile(key)
    if exit.ranOutOfMemory { logs.log(.error, .memory, "killed by the kernel because memory ran out", about: key.id) }
    supervision.feed(.exited(key, exit.status))
  }

  func treeEmptied(_ entry: EntryKey) {
    guard let id = runs.process(in: entry.slot) else { return forgetUnknown(entry) }
    // Whoever hears that it is over finds no file.
    pidFiles.whenDone(runs[id]?.configuration?.pidFile) { [me] in me { $0.treeIsEmpty(entry) } }
  }

  private func treeIsEmpty(_ entry: EntryKey) {
    guard let key = runs.key(of: entry) else { return forgetUnknown(entry) }
    supervision.runs.update(key) { $0.isEmpty = true }
    strays[key.id]?.forget(key.generation)
    if strays[key.id]?.isEmpty == true { strays[key.id] = nil }
    // First of all, so that its last words are written before the line that tells of its end.
    endStreams(of: entry)
    supervision.feed(.treeEmpty(key))
    forgetIfDone(key)
  }

  // MARK: A run's end

  /// Nobody is left who could write to them.
  func endStreams(of entry: EntryKey) {
    guard let key = runs.key(of: entry), let run = runs[key] else { return }
    for which in OutputStream.allCases where run.openStreams.contains(which) { logs.pump?.treeEnded(key: entry.stream(which)) }
  }

  func removePidFile(_ key: RunKey) {
    guard let pid = runs[key]?.record.pid, pid > 0 else { return }
    pidFiles.put(.remove([pid]), runs[key.id]?.configuration?.pidFile, of: key.id)
  }

  /// Of a run that goes on.
  func ensurePidFile(_ key: RunKey, _ pid: Int32) {
    pidFiles.put(.ensure(pid), runs[key.id]?.configuration?.pidFile, of: key.id)
  }

  func forgetUnknown(_ key: EntryKey) { keeper.send(.forget(key)) }

  /// The core is done with a run.
  func released(_ key: RunKey) {
    supervision.runs.update(key) { $0.isReleased = true }
    forgetIfDone(key)
  }

  /// From the log pump: nothing more will come out of this stream.
  func drained(_ stream: UInt64) {
    guard let (entry, which) = EntryKey.of(stream: stream), let key = runs.key(of: entry) else { return }
    supervision.runs.update(key) { $0.openStreams.remove(which) }
    forgetIfDone(key)
  }

  private func forgetIfDone(_ key: RunKey) {
    guard supervision.runs.closeIfDone(key) != nil else { return }
    if let entry = runs.entry(of: key) { keeper.send(.forget(entry)) }
    supervision.save(slotOf: key.id)
    supervision.dropIfUnused(key.id)
    onRunClosed()
  }
}

extension ExitRecord {
  var status: ExitStatus {
    switch kind {
    case .exited: .exited(code: value)
    case .signaled: .signaled(signal: value, dumpedCore: false)
    case .dumpedCore: .signaled(signal: value, dumpedCore: true)
    case .unknown: .unknown
    }
  }
}
