internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// What the keeper says.
extension Daemon {
  func heard(_ message: KeeperMessage, _ descriptors: [Descriptor]) {
    switch message {
    case .welcome(let welcome): welcomed(welcome, descriptors)
    case .inventory(let chunk, let last, let entries): inventory(chunk, last, entries, descriptors)
    case .spawned(let key, let pid, let startTime, _, let initPid):
      spawned(key, pid, startTime, initPid, descriptors)
    case .spawnFailed(let key, let stage, let errno): spawnFailed(key, stage, errno)
    case .exited(let key, let exit): exited(key, exit)
    case .treeEmpty(let key): treeEmptied(key)
    case .terminate(let signal): terminate(signal)
    case .hangUp: log(.warn, .reload, "SIGHUP: the configuration is read at 'pup run' only in this version; nothing was changed")
    case .yield: yield()
    case .adopted(let entry): adopted(entry, descriptors)
    case .stray(let report): strayed(report)
    }
  }

  // MARK: Runs

  /// Nobody shall read "stopped" while something may be left.
  private func strayed(_ report: StrayReport) {
    guard let key = report.key else {
      log(.error, .stray, report.lostText)
      waiting.noteLeftover(report.lostText)
      return
    }
    log(
      .warn, .stray, "process \(report.pid) (\(report.name)) has left the run's cgroup; it ends with the run",
      about: runs.process(in: key.slot))
    if let id = runs.process(in: key.slot) { strays[id, default: StrayBook()].note(report, key.generation) }
  }

  func spawned(_ entry: EntryKey, _ pid: Int32, _ startTime: UInt64, _ initPid: Int32, _ descriptors: [Descriptor]) {
    guard let key = runs.key(of: entry) else { return }
    runs.update(key) { run in
      (run.record.pid, run.record.startTime, run.record.initPid) = (pid, startTime, initPid)
      if initPid > 0 { run.record.initStartTime = ProcFiles.stat(of: initPid)?.startTime ?? 0 }
    }
    attach(entry, output: descriptors.first, error: descriptors.dropFirst().first, consumed: (0, 0))
    save(slotOf: key.id)
    let path = runs[key.id]?.configuration?.pidFile
    pidFiles.put(.write(pid), path, of: key.id)
    // Whoever hears that it runs finds the file.
    pidFiles.whenDone(path) { [weak self] in self?.assumeIsolated { $0.announce(key) } }
  }

  /// Tells the core, once, that the run executes.
  private func announce(_ key: RunKey) {
    guard let run = runs[key], run.record.pid > 0, !run.isAnnounced else { return }
    runs.update(key) { $0.isAnnounced = true }
    feed(.spawned(key, pid: run.record.pid))
  }

  /// Hands a run's output over to the log pump.
  func attach(_ entry: EntryKey, output: Descriptor?, error: Descriptor?, consumed: (UInt64, UInt64)) {
    guard let pump, let key = runs.key(of: entry), let run = runs[key] else { return }
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
      runs.update(key) { run in
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

  private func spawnFailed(_ entry: EntryKey, _ stage: UInt32, _ errno: Int32) {
    guard let key = runs.key(of: entry) else { return forgetUnknown(entry) }
    runs.update(key) { $0.isEmpty = true }
    feed(.spawnFailed(key, failure(key, stage, errno)))
    released(key)
  }

  /// "exec /usr/bin/foo: No such file or directory (cwd /srv/x)"
  func failure(_ key: RunKey, _ stage: UInt32, _ errno: Int32) -> SpawnFailure {
    let stage = SpawnStage(rawValue: stage) ?? .specification
    let directory = runs[key.id]?.configuration?.workingDirectory ?? "?"
    let run = runs[key]
    let reason = String(cString: pup_error_text(errno))
    var message: String
    switch stage {
    case .exec:
      // What is known better than the kernel says it: nothing in PATH has that name.
      if errno == ENOENT, let problem = run?.planProblem {
        message = "\(problem) (cwd \(directory))"
      } else {
        message = "exec \(run?.executable ?? "its program"): \(reason) (cwd \(directory))"
      }
    case .chdir: message = "chdir \(directory): \(reason)"
    default: message = "\(stage.word): \(reason)"
    }
    if errno == EAGAIN, stage == .clone {
      message += "; the limit of processes is reached (ulimit -u, pids.max, or TasksMax= in the service)"
    } else {
      message += wayOut(ofDescriptorShortage: errno)
    }
    return SpawnFailure(
      stage: stage.word, errno: errno, message: message, isShortage: SystemError(stage.word, errno: errno).isShortage)
  }

  /// Appended to the reason; empty for any other errno. The keeper and the supervisor have the same limit.
  func wayOut(ofDescriptorShortage errno: Int32) -> String {
    guard errno == EMFILE || errno == ENFILE else { return "" }
    return "; Pup may open \(welcome.openFileCapacity) descriptors: raise the hard limit (ulimit -Hn, or LimitNOFILE= in the "
      + "service)"
  }

  private func exited(_ entry: EntryKey, _ exit: ExitRecord) {
    guard let key = runs.key(of: entry) else { return }
    if runs[key]?.isRequested == true { announce(key) }
    runs.update(key) { $0.exit = exit }
    removePidFile(key)
    if exit.ranOutOfMemory { log(.error, .memory, "killed by the kernel because memory ran out", about: key.id) }
    feed(.exited(key, exit.status))
  }

  func removePidFile(_ key: RunKey) {
    guard let pid = runs[key]?.record.pid, pid > 0 else { return }
    pidFiles.put(.remove([pid]), runs[key.id]?.configuration?.pidFile, of: key.id)
  }

  func treeEmptied(_ entry: EntryKey) {
    guard let id = runs.process(in: entry.slot) else { return forgetUnknown(entry) }
    // Whoever hears that it is over finds no file.
    pidFiles.whenDone(runs[id]?.configuration?.pidFile) { [weak self] in self?.assumeIsolated { $0.treeIsEmpty(entry) } }
  }

  private func treeIsEmpty(_ entry: EntryKey) {
    guard let key = runs.key(of: entry) else { return forgetUnknown(entry) }
    runs.update(key) { $0.isEmpty = true }
    strays[key.id]?.forget(key.generation)
    if strays[key.id]?.isEmpty == true { strays[key.id] = nil }
    // First of all, so that its last words are written before the line that tells of its end.
    endStreams(of: entry)
    feed(.treeEmpty(key))
    forgetIfDone(key)
  }

  func endStreams(of entry: EntryKey) {
    guard let key = runs.key(of: entry), let run = runs[key] else { return }
    for which in OutputStream.allCases where run.openStreams.contains(which) { pump?.treeEnded(key: entry.stream(which)) }
  }

  func forgetUnknown(_ key: EntryKey) { link?.send(.forget(key)) }

  /// The core is done with a run.
  func released(_ key: RunKey) {
    runs.update(key) { $0.isReleased = true }
    forgetIfDone(key)
  }

  /// From the log pump: nothing more will come out of this stream.
  func drained(_ stream: UInt64) {
    guard let (entry, which) = EntryKey.of(stream: stream), let key = runs.key(of: entry) else { return }
    runs.update(key) { $0.openStreams.remove(which) }
    forgetIfDone(key)
  }

  private func forgetIfDone(_ key: RunKey) {
    guard runs.closeIfDone(key) != nil else { return }
    if let entry = runs.entry(of: key) { link?.send(.forget(entry)) }
    save(slotOf: key.id)
    dropIfUnused(key.id)
    leaveIfDone()
  }

  // MARK: The keeper's own end

  /// A new keeper takes over everything that this brain still has in its hands.
  func keeperEnded() {
    if case .leaving = phase { exit(0) }
    link = nil
    let failure = keeperReport.flatMap { StartFailure(report: $0.number) }
    closeKeeperReport()
    // A brain that never supervised has nothing to save.
    guard case .supervising = phase, held.count == WelcomeDescriptor.allCases.count else { exit(0) }
    // Under a service manager the next keeper has to be its child, and the lock has to be free for it.
    if KeeperRestart.isExpected(environment.variables) { exit(0) }
    if renewal.pause == 0 {
      log(
        .error, .keeper,
        "the keeper (pid \(keeperPid)) died; starting a new one. The programs keep running\(KeeperRestart.wayOut(instance))")
    }
    // One that came this far without a welcome never worked.
    if renewal.isUnderWay {
      keeperNotStarted(failure.map { "\($0)" } ?? "it ended before it had said anything")
    } else {
      startNewKeeper()
    }
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
