internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

extension Daemon {
  func terminate(_ signal: Int32) { terminate(by: .signal(signal), signal) }

  /// - Parameter signal: what a brain that is not supervising yet remembers.
  func terminate(by actor: PupCore.Actor, _ signal: Int32 = SIGTERM) {
    guard case .supervising = phase else {
      // It is carried out as soon as there is something to stop.
      if welcome.terminateSignal == 0 { welcome.terminateSignal = signal }
      return
    }
    if case .signal = actor { terminateSignals += 1 }
    // The keeper tells a second signal only where it means "at once"; a signal that follows a client's wish is the first one.
    if terminateSignals == 2 { return feed(.terminateNow(actor)) }
    guard !supervisor.isTerminating else { return }
    link?.send(.notify("STATUS=stopping"))
    tellTerminating()
    feed(.terminate(actor))
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
    // A disk that hangs must not keep Pup from ending.
    _ = loop.schedule(at: Clock.boot + 5_000_000_000) { [weak self] in self?.assumeIsolated { $0.farewell() } }
    pump?.finish { [weak self] in
      guard let self else { return }
      self.loop.post { self.assumeIsolated { $0.closeSurface { $0.farewell() } } }
    }
  }

  /// Last of all: streams have heard of every stop.
  private func closeSurface(then done: @escaping @Sendable (isolated Daemon) -> Void) {
    guard let surface else { return done(self) }
    self.surface = nil
    surface.close(on: loop) { [weak self] in self?.assumeIsolated { done($0) } }
  }

  private func farewell() {
    _ = console?.finish()
    if let instance, let paths { RuntimeFiles.remove(directory: instance.runtimeDirectory, paths) }
    guard let link else { exit(0) }
    link.send(.exit(code: 0))
    link.drain { exit(0) }
  }

  /// A successor is waiting. Dying at any instruction is safe, so nothing has to be handed over but the console's last lines and what the
  /// database has not got yet. It waits for neither longer than a moment.
  func yield() {
    log(.info, "upgrade", "making way for a new supervisor")
    _ = loop.schedule(at: Clock.boot + 2_000_000_000) { exit(0) }
    guard let pump else { exit(0) }
    pump.flush { [weak self] in
      guard let self else { exit(0) }
      self.loop.post {
        self.assumeIsolated { daemon in
          daemon.closeSurface { daemon in
            _ = daemon.console?.finish()
            exit(0)
          }
        }
      }
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
      "--programs", welcome.programs, "--runtime", instance?.runtimeDirectory ?? "", "--pointer", paths?.pointerFile ?? "",
      "--cgroup",
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
    freshLogSocket = logs
    open(control)
  }

  /// After the keeper knows every stream: what was asked of the old one and not answered is asked again.
  private func reconnectLogs() {
    guard let logLoop, let pump, let socket = freshLogSocket else { return }
    freshLogSocket = nil
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
    openAdoptions = []
    for (id, process) in processes {
      for (generation, run) in process.runs {
        let key = EntryKey(slot: UInt32(process.slot), generation: generation)
        var entry = adoption(of: run.record, key, id.text)
        entry.phase = run.isEmpty ? .empty : .running
        entry.exit = run.exit
        entry.hasOutput = run.output >= 0
        entry.hasError = run.error >= 0
        let descriptors = (entry.hasOutput ? [run.output] : []) + (entry.hasError ? [run.error] : [])
        openAdoptions.insert(entry.key)
        link?.send(
          .adopt(
            entry, graceNanoseconds: run.record.graceNanoseconds, timeoutNanoseconds: run.record.timeoutNanoseconds),
          descriptors: descriptors)
      }
    }
    finishAdoption()
  }

  private func finishAdoption() {
    guard openAdoptions.isEmpty else { return }
    // Not before: a brain that dies in between has to find that the runs are not yet this keeper's.
    saveHeader()
    reconnectLogs()
    link?.send(.ready)
    feed(.keeperReplaced)
  }

  /// The new keeper's word on one of them.
  func readopted(_ entry: InventoryEntry, _ descriptors: [Int32]) {
    var unused = descriptors
    defer {
      for descriptor in unused { close(descriptor) }
      if openAdoptions.remove(entry.key) != nil { finishAdoption() }
    }
    guard let id = idsBySlot[Int(entry.key.slot)], let run = processes[id]?.runs[entry.key.generation] else {
      return forgetUnknown(entry.key)
    }
    let key = RunKey(id: id, generation: entry.key.generation)
    if entry.phase == .running {
      // Asked for, but the old keeper died before it could say so.
      if run.record.pid == 0, entry.pid != 0 {
        spawned(entry.key, entry.pid, entry.startTime, entry.initPid, descriptors)
        unused = []
      }
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
