internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// What the keeper says.
extension Daemon {
  func heard(_ message: KeeperMessage, _ descriptors: [Int32]) {
    switch message {
    case .welcome(let welcome): welcomed(welcome, descriptors)
    case .inventory(let chunk, let last, let entries): inventory(chunk, last, entries, descriptors)
    case .spawned(let key, let pid, let startTime, _, let initPid):
      spawned(key, pid, startTime, initPid, descriptors)
    case .spawnFailed(let key, let stage, let errno): spawnFailed(key, stage, errno)
    case .exited(let key, let exit): exited(key, exit)
    case .treeEmpty(let key): treeEmptied(key)
    case .terminate(let signal): terminate(signal)
    case .hangUp: log(.warn, "reload", "SIGHUP: the configuration is read at 'pup run' only in this version; nothing was changed")
    case .yield: yield()
    case .adopted(let entry): adopted(entry, descriptors)
    }
  }

  // MARK: Runs

  func spawned(_ key: EntryKey, _ pid: Int32, _ startTime: UInt64, _ initPid: Int32, _ descriptors: [Int32]) {
    guard let id = idsBySlot[Int(key.slot)], processes[id]?.runs[key.generation] != nil else {
      for descriptor in descriptors { close(descriptor) }
      return
    }
    processes[id]?.runs[key.generation]?.record.pid = pid
    processes[id]?.runs[key.generation]?.record.startTime = startTime
    processes[id]?.runs[key.generation]?.record.initPid = initPid
    if initPid > 0 {
      processes[id]?.runs[key.generation]?.record.initStartTime = ProcFiles.stat(of: initPid)?.startTime ?? 0
    }
    attach(id, key, output: descriptors.first, error: descriptors.dropFirst().first, consumed: (0, 0))
    save(slotOf: id)
    writePidFile(id, pid)
    feed(.spawned(RunKey(id: id, generation: key.generation), pid: pid))
  }

  /// Hands a run's output over to the log pump.
  func attach(_ id: ProcessID, _ key: EntryKey, output: Int32?, error: Int32?, consumed: (UInt64, UInt64)) {
    guard let pump, let run = processes[id]?.runs[key.generation] else { return }
    let destination = logDestination(of: id)
    for (descriptor, which, row, offset) in [
      (output, OutputStream.standardOutput, run.record.rowOut, consumed.0),
      (error, OutputStream.standardError, run.record.rowErr, consumed.1),
    ] {
      guard let descriptor, descriptor >= 0 else { continue }
      processes[id]?.runs[key.generation]?.openStreams.insert(which)
      let copy = pup_duplicate(descriptor, 3)
      var identity = pup_file_identity()
      _ = pup_identity(descriptor, &identity)
      if which == .standardOutput {
        processes[id]?.runs[key.generation]?.output = copy
        processes[id]?.runs[key.generation]?.record.pipeOut = identity.inode
      } else {
        processes[id]?.runs[key.generation]?.error = copy
        processes[id]?.runs[key.generation]?.record.pipeErr = identity.inode
      }
      pump.attach(
        StreamAttachment(
          row: Int(row), key: key.stream(which), descriptor: descriptor, process: id.text, which: which, consumed: offset,
          destination: destination))
    }
  }

  private func spawnFailed(_ key: EntryKey, _ stage: UInt32, _ errno: Int32) {
    guard let id = idsBySlot[Int(key.slot)], processes[id]?.runs[key.generation] != nil else { return forgetUnknown(key) }
    processes[id]?.runs[key.generation]?.isEmpty = true
    feed(.spawnFailed(RunKey(id: id, generation: key.generation), failure(id, stage, errno)))
    released(RunKey(id: id, generation: key.generation))
  }

  /// "exec /usr/bin/foo: No such file or directory (cwd /srv/x)"
  func failure(_ id: ProcessID, _ stage: UInt32, _ errno: Int32) -> SpawnFailure {
    let stage = SpawnStage(rawValue: stage) ?? .specification
    let configuration = processes[id]?.configuration
    let directory = configuration?.workingDirectory ?? "?"
    let reason = String(cString: pup_error_text(errno))
    var message: String
    switch stage {
    case .exec: message = "exec \(executableName(id)): \(reason) (cwd \(directory))"
    case .chdir: message = "chdir \(directory): \(reason)"
    default: message = "\(stage.word): \(reason)"
    }
    if errno == EMFILE || errno == ENFILE {
      message +=
        "; the keeper may open \(welcome.openFileCapacity) descriptors: raise the hard limit (ulimit -Hn, or LimitNOFILE= in the service)"
    } else if errno == EAGAIN, stage == .clone {
      message += "; the limit of processes is reached (ulimit -u, pids.max, or TasksMax= in the service)"
    }
    return SpawnFailure(stage: stage.word, errno: errno, message: message)
  }

  private func exited(_ key: EntryKey, _ exit: ExitRecord) {
    guard let id = idsBySlot[Int(key.slot)], processes[id]?.runs[key.generation] != nil else { return }
    processes[id]?.runs[key.generation]?.exit = exit
    removePidFile(id, ofRun: key.generation)
    if exit.ranOutOfMemory { log(.error, "memory", "\(id.text): killed by the kernel because memory ran out") }
    feed(.exited(RunKey(id: id, generation: key.generation), exit.status))
  }

  func treeEmptied(_ key: EntryKey) {
    guard let id = idsBySlot[Int(key.slot)], processes[id]?.runs[key.generation] != nil else { return forgetUnknown(key) }
    processes[id]?.runs[key.generation]?.isEmpty = true
    feed(.treeEmpty(RunKey(id: id, generation: key.generation)))
    for which in OutputStream.allCases where processes[id]?.runs[key.generation]?.openStreams.contains(which) == true {
      pump?.treeEnded(key: key.stream(which))
    }
    forgetIfDone(id, key.generation)
  }

  func forgetUnknown(_ key: EntryKey) { link?.send(.forget(key)) }

  /// The core is done with a run.
  func released(_ key: RunKey) {
    processes[key.id]?.runs[key.generation]?.isReleased = true
    forgetIfDone(key.id, key.generation)
  }

  /// From the log pump: nothing more will come out of this stream.
  func drained(_ stream: UInt64) {
    guard let (key, which) = EntryKey.of(stream: stream), let id = idsBySlot[Int(key.slot)] else { return }
    processes[id]?.runs[key.generation]?.openStreams.remove(which)
    forgetIfDone(id, key.generation)
  }

  private func forgetIfDone(_ id: ProcessID, _ generation: UInt32) {
    guard let process = processes[id], let run = process.runs[generation], run.isEmpty, run.isReleased, run.openStreams.isEmpty
    else { return }
    processes[id]?.runs[generation] = nil
    for descriptor in [run.output, run.error] where descriptor >= 0 { close(descriptor) }
    let key = EntryKey(slot: UInt32(process.slot), generation: generation)
    for (row, which) in [(run.record.rowOut, OutputStream.standardOutput), (run.record.rowErr, .standardError)] {
      // Another run's row, or none, where the keeper knew of no such stream.
      guard let ledger, ledger.row(Int(row))?.key == key.stream(which) else { continue }
      ledger.free(row: Int(row))
      freeRows.append(row)
    }
    link?.send(.forget(key))
    save(slotOf: id)
    if process.configuration == nil, processes[id]?.runs.isEmpty == true { dropProcess(id) }
    leaveIfDone()
  }

  // MARK: The keeper's own end

  /// A new keeper takes over everything that this brain still has in its hands.
  func keeperEnded() {
    if case .leaving = phase { exit(0) }
    link = nil
    // A brain that never supervised has nothing to save.
    guard case .supervising = phase, held.count == WelcomeDescriptor.allCases.count else { exit(0) }
    // Under a service manager the next keeper has to be its child, and the lock has to be free for it.
    if KeeperRestart.isExpected(environment.variables) { exit(0) }
    log(.error, "keeper", "the keeper (pid \(keeperPid)) died; starting a new one. The programs keep running")
    startNewKeeper()
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
