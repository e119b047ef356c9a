internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

extension Daemon {
  func terminate(_ signal: Int32) {
    guard case .supervising = phase else { return }
    terminateCount += 1
    if terminateCount == 1 {
      link?.send(.notify("STATUS=stopping"))
      feed(.terminate(.signal(signal)))
    } else if terminateCount == 2 {
      feed(.terminateNow(.signal(signal)))
    }
  }

  /// Every tree is empty. What the programs wrote last still has to reach the logs.
  func allStopped() {
    phase = .leaving
    _ = loop.schedule(at: Clock.boot + 5_000_000_000) { [weak self] in self?.assumeIsolated { $0.leave() } }
    leaveIfDone()
  }

  func leaveIfDone() {
    guard case .leaving = phase, processes.values.allSatisfy({ $0.runs.isEmpty }) else { return }
    leave()
  }

  private func leave() {
    guard !isGone else { return }
    isGone = true
    pump?.flush { [weak self] in
      guard let self else { return }
      self.loop.post { self.assumeIsolated { $0.farewell() } }
    }
  }

  private func farewell() {
    _ = console?.finish()
    if let instance, let paths { RuntimeFiles.remove(directory: instance.runtimeDirectory, paths) }
    guard let link else { exit(0) }
    link.send(.exit(code: 0))
    link.drain { exit(0) }
  }

  /// A successor is waiting. Dying at any instruction is safe, so nothing has to be handed over but the console's last lines.
  func yield() {
    log(.info, "upgrade", "making way for a new supervisor")
    guard let pump, let console else { exit(0) }
    pump.flush {
      _ = console.finish()
      exit(0)
    }
  }

  // MARK: A new keeper

  func startNewKeeper() {
    var control: Int32 = -1
    var keeperControl: Int32 = -1
    var logs: Int32 = -1
    var keeperLogs: Int32 = -1
    guard min(pup_seqpacket_pair(&control, &keeperControl), pup_seqpacket_pair(&logs, &keeperLogs)) >= 0 else {
      fatal("cannot make sockets for a new keeper")
    }
    func number(_ which: WelcomeDescriptor) -> Int32 { held[which.rawValue] }
    let words = [
      "pup-keeper", "--instance", "\(number(.instance))", "--state", "\(number(.state))", "--streams", "\(number(.streams))",
      "--sinks", "\(number(.sinks))", "--lock", "\(number(.lock))", "--rows", "\(welcome.ledgerRows)", "--keeper",
      "\(number(.keeperExecutable))", "--brain", "\(number(.brainExecutable))", "--init", "\(number(.initExecutable))",
      "--programs", welcome.programs, "--runtime", instance?.runtimeDirectory ?? "", "--cgroup",
      welcome.cgroupBase, "--open-files", "\(welcome.openFileLimit)", "--brain-pid",
      "\(getpid())", "--control", "\(keeperControl)", "--logs", "\(keeperLogs)",
    ]
    let inherited = held + [keeperControl, keeperLogs]
    let pid = CommandWords.withPointers(words) { argv in
      pup_spawn_keeper(number(.keeperExecutable), argv, environ, inherited, Int32(inherited.count))
    }
    close(keeperControl)
    close(keeperLogs)
    guard pid > 0 else { fatal("cannot start a new keeper: \(String(cString: pup_error_text(-pid)))") }
    InstanceLock.recordOwner(number(.lock), pid: pid)
    signal(SIGCHLD, SIG_IGN)
    reconnectLogs(logs)
    open(control)
  }

  private func reconnectLogs(_ socket: Int32) {
    guard let logLoop, let pump else { return }
    let link = LogLink(socket: socket, loop: logLoop.loop) { [weak self] replies in self?.pumpForReplies?.consumed(replies) }
    let old = logLink
    logLink = link
    logSocket = socket
    logLoop.loop.post {
      old?.shut()
      link.start()
      pump.reattach(consumer: link)
    }
  }

  /// Tells a new keeper of every run that this brain knows.
  func adoptAll() {
    saveHeader()
    for (id, process) in processes {
      for (generation, run) in process.runs {
        var entry = InventoryEntry(
          key: EntryKey(slot: UInt32(process.slot), generation: generation), phase: run.isEmpty ? .empty : .running)
        entry.pid = run.record.pid
        entry.startTime = run.record.startTime
        entry.initPid = run.record.initPid
        entry.exit = run.exit
        entry.cgroup = run.record.initPid == 0 ? RunRecord.cgroupName(process: id.text, generation: generation) : ""
        entry.rowOut = run.record.rowOut
        entry.rowErr = run.record.rowErr
        entry.consumedOut = ledger?.row(Int(run.record.rowOut))?.consumed ?? 0
        entry.consumedErr = ledger?.row(Int(run.record.rowErr))?.consumed ?? 0
        entry.hasOutput = run.openStreams.contains(.standardOutput)
        entry.hasError = run.openStreams.contains(.standardError)
        let descriptors = (entry.hasOutput ? [run.output] : []) + (entry.hasError ? [run.error] : [])
        link?.send(
          .adopt(
            entry, graceNanoseconds: run.record.graceNanoseconds, timeoutNanoseconds: run.record.timeoutNanoseconds),
          descriptors: descriptors)
      }
    }
    link?.send(.ready)
  }

  /// The new keeper's word on one of them.
  func readopted(_ entry: InventoryEntry) {
    guard let id = idsBySlot[Int(entry.key.slot)], let run = processes[id]?.runs[entry.key.generation] else {
      return forgetUnknown(entry.key)
    }
    let key = RunKey(id: id, generation: entry.key.generation)
    if entry.phase == .running {
      // Asked for, but the old keeper died before it could say so.
      if run.record.pid == 0, entry.pid != 0 { spawned(entry.key, entry.pid, entry.startTime, entry.initPid, []) }
      return
    }
    guard !run.isEmpty else { return }
    if run.record.pid == 0, run.exit == nil {
      processes[id]?.runs[entry.key.generation]?.isEmpty = true
      feed(
        .spawnFailed(key, SpawnFailure(stage: "keeper", errno: 0, message: "the keeper died while it was starting the program")))
      return released(key)
    }
    if run.exit == nil {
      processes[id]?.runs[entry.key.generation]?.exit = entry.exit
      feed(.exited(key, entry.exit?.status ?? .unknown))
    }
    if entry.phase == .empty { treeEmptied(entry.key) }
  }
}
