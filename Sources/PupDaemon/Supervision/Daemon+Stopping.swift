internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

extension Daemon {
  func terminate(_ signal: Int32) {
    settleStore { [weak self] loss in self?.assumeIsolated { if let loss { $0.log(.error, .store, loss) } } }
    terminate(by: .signal(signal), signal)
  }

  /// - Parameter signal: what a brain that is not supervising yet remembers.
  func terminate(by actor: Cause, _ signal: Int32 = SIGTERM) {
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
    // The records name who asked; an instance without processes has none.
    recorder.headerChanged()
    feed(.terminate(actor))
  }

  /// Every tree is empty. What the programs wrote last still has to reach the logs.
  func allStopped() {
    phase = .leaving
    _ = loop.schedule(at: loop.now + 5_000_000_000) { [weak self] in self?.assumeIsolated { $0.leave() } }
    leaveIfDone()
  }

  func leaveIfDone() {
    guard case .leaving = phase, runs.hasNoRuns else { return }
    leave()
  }

  private func leave() {
    guard !isGone else { return }
    isGone = true
    if safeMode != nil { surface?.lastDecisions = supervisor.desiredStates }
    // A disk that hangs must not keep Pup from ending.
    giveUp(after: 5_000_000_000) { $0.farewell() }
    lastWork = .logs
    pump?.finish { [weak self] in
      guard let self else { return }
      self.loop.post {
        self.assumeIsolated { daemon in
          daemon.lastWork = .pidFiles
          daemon.pidFiles.finish { [weak daemon] in daemon?.assumeIsolated { $0.closeSurface { $0.farewell() } } }
        }
      }
    }
  }

  /// What is not done by then is cut, and that is reported: the log may be what hangs, so to standard error, which may hang as
  /// well.
  private func giveUp(after nanoseconds: Int64, then end: @escaping @Sendable (isolated Daemon) -> Void) {
    _ = loop.schedule(at: loop.now + nanoseconds) { [weak self] in
      self?.assumeIsolated { daemon in
        guard let work = daemon.lastWork else { return }
        LastWord.say(
          "pup-supervisor: \(work.rawValue) did not end within \(nanoseconds / 1_000_000_000) s; Pup ends without waiting longer")
        end(daemon)
      }
    }
  }

  /// Last of all: streams have heard of every stop.
  private func closeSurface(then done: @escaping @Sendable (isolated Daemon) -> Void) {
    lastWork = .surface
    guard let surface else { return done(self) }
    self.surface = nil
    surface.close { [weak self] in self?.assumeIsolated { done($0) } }
  }

  private func farewell() {
    lastWork = nil
    _ = console?.finish()
    if let instance, let paths { RuntimeFiles.remove(directory: instance.runtimeDirectory, paths) }
    if currentLock >= 0 { InstanceLock.forgetOwner(currentLock) }
    guard let link else { exit(0) }
    link.send(.exit(code: 0))
    link.drain { exit(0) }
  }

  /// A successor is waiting. Dying at any instruction is safe, so nothing has to be handed over but the console's last lines and
  /// what the database has not got yet. It waits for neither longer than a moment.
  func yield() {
    log(.info, .upgrade, "making way for a new supervisor")
    waiting.giveUp()
    giveUp(after: 2_000_000_000) { _ in exit(0) }
    guard let pump else { exit(0) }
    lastWork = .logs
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
    do throws(StartFailure) {
      let sockets = if let start = surroundings.startKeeper { try start() } else { try spawnKeeper() }
      renewal.started()
      freshLogSocket = sockets.logs
      open(sockets.control)
    } catch {
      keeperNotStarted("\(error)")
    }
  }

  /// Tried again with pauses, for as long as it takes: meanwhile the programs run on, and nothing can be started or stopped.
  func keeperNotStarted(_ reason: String) {
    if renewal.failed(reason) {
      log(.error, .keeper, "cannot start a keeper: \(reason). The programs keep running; trying again at least every 2 s")
    }
    _ = loop.schedule(at: loop.now + renewal.pause) { [weak self] in self?.assumeIsolated { $0.startNewKeeper() } }
  }

  /// A new keeper has welcomed this brain.
  func keeperWorks() {
    closeKeeperReport()
    if renewal.succeeded() { log(.info, .keeper, "a new keeper (pid \(keeperPid)) works") }
  }

  func closeKeeperReport() {
    keeperReport = nil
  }

  private func spawnKeeper() throws(StartFailure) -> KeeperSockets {
    var (control, keeperControl, logs, keeperLogs): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    var (report, itsReport): (Int32, Int32) = (-1, -1)
    let sockets = min(pup_seqpacket_pair(&control, &keeperControl), pup_seqpacket_pair(&logs, &keeperLogs))
    let made = min(sockets, pup_pipe(&report, &itsReport, true))
    let own = KeeperSockets(control: Descriptor(control), logs: Descriptor(logs))
    let itsSockets = KeeperSockets(control: Descriptor(keeperControl), logs: Descriptor(keeperLogs))
    let (keeperReport, itsReportEnd) = (Descriptor(report), Descriptor(itsReport))
    var arguments = KeeperArguments()
    for which in WelcomeDescriptor.allCases { arguments[which] = held[which.rawValue].number }
    arguments.rows = Int(welcome.ledgerRows)
    arguments.programs = welcome.programs
    (arguments.runtime, arguments.pointer) = (instance?.runtimeDirectory ?? "", paths?.pointerFile ?? "")
    arguments.cgroupBase = welcome.cgroupBase
    arguments.openFiles = Int(clamping: welcome.openFileLimit)
    (arguments.brainPid, arguments.control, arguments.logs) = (getpid(), itsSockets.control.number, itsSockets.logs.number)
    let inherited = (held + [itsSockets.control, itsSockets.logs]).map(\.number)
    let pid =
      made < 0
      ? made
      : CommandWords.withPointers(arguments.words) { argv in
        pup_spawn_keeper(arguments.keeperExecutable, argv, environ, inherited, Int32(inherited.count), itsReportEnd.number)
      }
    guard pid > 0 else { throw StartFailure(made < 0 ? "sockets" : SpawnStage.clone.word, errno: -pid) }
    signal(SIGCHLD, SIG_IGN)
    InstanceLock.recordOwner(currentLock, pid: pid)
    self.keeperReport = keeperReport
    return own
  }

  /// After the keeper knows every stream: what was asked of the old one and not answered is asked again.
  private func reconnectLogs() {
    guard let logLoop, let pump, let socket = freshLogSocket else { return }
    freshLogSocket = nil
    let link = makeLogLink(socket, on: logLoop.loop)
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
    for process in runs.all {
      // A run whose program is still being looked for is asked of the new keeper.
      for (generation, run) in process.runs where run.isSent || !run.isRequested {
        var entry = adoption(of: run.record, process.entry(generation), process.id.text)
        entry.phase = run.isEmpty ? .empty : .running
        entry.exit = run.exit
        let descriptors = copies(of: &entry, run)
        openAdoptions.insert(entry.key)
        link?.send(
          .adopt(
            entry, graceNanoseconds: run.record.graceNanoseconds, timeoutNanoseconds: run.record.timeoutNanoseconds),
          owned: descriptors)
      }
    }
    finishAdoption()
  }

  /// A message may wait for room in the socket, and by then the run's own could be closed, and their numbers something else's.
  /// Where there is no room for copies, the keeper finds the pipes by the processes that have them open.
  private func copies(of entry: inout InventoryEntry, _ run: LiveRun) -> [Descriptor] {
    let output = try? run.output?.duplicate()
    let error = try? run.error?.duplicate()
    (entry.hasOutput, entry.hasError) = (output != nil, error != nil)
    return [output, error].compactMap(\.self)
  }

  private func finishAdoption() {
    guard openAdoptions.isEmpty else { return }
    // Not before: a brain that dies in between has to find that the runs are not yet this keeper's.
    recorder.headerChanged()
    recorder.saveHeaderIfChanged { header }
    reconnectLogs()
    link?.send(.ready)
    feed(.keeperReplaced)
  }

  /// The new keeper's word on one of them.
  func readopted(_ entry: InventoryEntry, _ descriptors: [Descriptor]) {
    defer {
      if openAdoptions.remove(entry.key) != nil { finishAdoption() }
    }
    guard let key = runs.key(of: entry.key), let run = runs[key] else { return forgetUnknown(entry.key) }
    if entry.phase == .running {
      // Asked for, but the old keeper died before it could say so.
      if run.record.pid == 0, entry.pid != 0 {
        spawned(entry.key, entry.pid, entry.startTime, entry.initPid, descriptors)
      }
      return
    }
    guard !run.isEmpty else { return }
    if run.record.pid == 0, run.exit == nil {
      runs.update(key) { $0.isEmpty = true }
      feed(
        .spawnFailed(key, SpawnFailure(stage: "keeper", errno: 0, message: "the keeper died while it was starting the program")))
      return released(key)
    }
    if run.exit == nil {
      runs.update(key) { $0.exit = entry.exit }
      feed(.exited(key, entry.exit?.status ?? .unknown))
    }
    if entry.phase == .empty { treeEmptied(entry.key) }
  }
}
