internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupBasics
internal import PupSystem

extension Keeper {
  // MARK: Starting

  func startBrain() {
    restartBrainAt = nil
    guard brain == nil else { return }
    do throws(StartFailure) {
      connect(try spawnBrain(arguments.brainExecutable, standby: false))
    } catch {
      notStarted(error)
    }
  }

  /// Starts an executable as a brain. One that cannot be executed ends, and says why in its `startReport`.
  func spawnBrain(_ executable: Int32, standby: Bool) throws(StartFailure) -> Brain {
    var (control, brainControl, logs, brainLogs): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    var (report, brainReport): (Int32, Int32) = (-1, -1)
    let sockets = min(pup_seqpacket_pair(&control, &brainControl), pup_seqpacket_pair(&logs, &brainLogs))
    let made = min(sockets, pup_pipe(&report, &brainReport, true))
    defer { for descriptor in [brainControl, brainLogs, brainReport] where descriptor >= 0 { close(descriptor) } }
    var pidfd: Int32 = -1
    // `pup_spawn_brain` puts its sockets there.
    let words = SupervisorArguments(control: 3, logs: 4, isStandby: standby)
    let pid =
      made < 0
      ? made
      : CommandWords.withPointers(words.words) { argv in
        pup_spawn_brain(executable, argv, environ, brainControl, brainLogs, brainReport, &pidfd)
      }
    guard pid > 0 else {
      for descriptor in [control, logs, report] where descriptor >= 0 { close(descriptor) }
      throw StartFailure(made < 0 ? "sockets" : SpawnStage.clone.word, errno: -pid)
    }
    let brain = Brain(
      pid: pid, pidfd: pidfd, control: PacketSocket(owning: control), logs: PacketSocket(owning: logs), isChild: true,
      now: Clock.monotonic)
    brain.startReport = report
    return brain
  }

  /// Puts a brain in charge. One whose end could not be noticed is no use.
  func connect(_ brain: Brain) {
    self.brain = brain
    controlBlocked = false
    logsBlocked = false
    pendingNotices = []
    for key in entries.keys { entries[key]?.announced = false }
    let watched = [
      watch(brain.pidfd, WatchKey(.brain)), watch(brain.control.descriptor, WatchKey(.control)),
      pup_epoll_add(logEpoll, brain.logs.descriptor, UInt32(PUP_EPOLL_IN), 0),
    ]
    guard let failure = watched.first(where: { $0 < 0 }) else { return }
    _ = pup_pidfd_signal(brain.pidfd, SIGKILL)
    dismissed.insert(brain.pid)
    disconnectBrain()
    upgradeFailed()
    notStarted(StartFailure("epoll_ctl", errno: -failure))
  }

  // MARK: Silence and death

  /// When something has to be done about the brain, if it stays as it is.
  var brainDeadline: Int64? {
    brain?.deadline(safeModeEnd: safeModeDeadline)
  }

  func watchBrain(_ now: Int64) {
    guard let brain, let deadline = brainDeadline, deadline <= now else { return }
    endSafeMode(brain, now)
    guard let deadline = brainDeadline, deadline <= now else { return }
    if brain.abortedAt != nil || brain.farewell != nil {
      _ = pup_pidfd_signal(brain.pidfd, SIGKILL)
      brain.abortedAt = now
    } else {
      let fault = brain.fault(at: now)
      brain.lastWords = fault
      complain(
        brain.isSilent(at: now)
          ? "the supervisor (pid \(brain.pid)) has been silent for 5 s; replacing it"
          : "the supervisor (pid \(brain.pid)) beats, but \(fault); replacing it")
      _ = pup_pidfd_signal(brain.pidfd, SIGABRT)
      // A stopped process takes a fatal signal only when it runs again.
      _ = pup_pidfd_signal(brain.pidfd, SIGCONT)
      brain.abortedAt = now
    }
  }

  func brainEnded() {
    guard let brain else { return }
    var status = pup_child_status()
    if brain.isChild, pup_wait_pidfd(brain.pidfd, false, &status) <= 0 { return }
    // Its last words may still be in the socket: a farewell, or a request whose state it has saved.
    controlReady(UInt32(PUP_EPOLL_IN), isLast: true)
    guard self.brain === brain else { return }
    disconnectBrain()
    if let code = brain.farewell {
      exitCode = code
      return
    }
    for (key, entry) in entries where entry.isPlugin { if entry.isLive { signalRun(key, SIGKILL, .tree) } }
    predecessors += 1
    if brain.yieldingSince != nil, let candidate, candidate.proven {
      promote(candidate)
      return
    }
    judge(brain, status)
  }

  /// What an end that nobody asked for says about the next brain.
  private func judge(_ brain: Brain, _ status: pup_child_status) {
    let refusal = refusal(of: brain, status)
    let wasUpgrade = upgradeFailed(because: refusal ?? brain.lastWords)
    if let refusal { return refused(brain, refusal, isFinal: brain.isChild && !wasUpgrade) }
    if let failure = brain.takeStartFailure() { return notStarted(failure) }
    if brain.isChild, brain.readyAt == nil, status.code == CLD_EXITED, status.status == BrainMessage.shortageExitCode {
      return notStarted(StartFailure("its own start", errno: EAGAIN))
    }
    let now = Clock.monotonic
    if brain.abortedAt == nil, brain.yieldingSince != nil, status.code == CLD_EXITED, status.status == 0 {
      // It made way, as it was asked to.
      restartBrainAt = now
      return
    }
    lastDeath = brain.lastWords ?? (brain.isChild ? Self.words(for: status) : "it ended")
    if brain.abortedAt == nil, brain.readyAt != nil, brain.isChild, status.code == CLD_KILLED, status.status == SIGKILL {
      // One that did its work until somebody killed it says nothing about the next one.
      complain("the supervisor (pid \(brain.pid)) was killed. The programs keep running; starting a new one")
      health.begin()
      restartBrainAt = now
      return
    }
    let wasSafe = health.safeMode != nil
    let pause = health.died(
      supervised: brain.readyAt.map { now - $0 } ?? 0, because: lastDeath, at: now, wall: Clock.wallMicroseconds)
    complain("the supervisor (pid \(brain.pid)) died: \(lastDeath). The programs keep running; starting a new one")
    if let safe = health.safeMode {
      complain("\(safe.reason). Next try in \(pause / Self.second) s, \(wasSafe ? "still " : "")in safe mode")
    }
    restartBrainAt = now + pause
  }

  // MARK: Refusal

  /// Why another brain of the same build would fare no better; nil where nothing says so.
  private func refusal(of brain: Brain, _ status: pup_child_status) -> String? {
    if let refusal = brain.refusal { return refusal }
    guard brain.isChild, brain.readyAt == nil, status.code == CLD_EXITED, status.status == BrainMessage.refusalExitCode else {
      return nil
    }
    return brain.lastWords ?? "it must not guess at what this instance has left (exit code \(status.status))"
  }

  /// - Parameter isFinal: the executable in force is the one that refuses. Trying it again and again would not change that.
  private func refused(_ brain: Brain, _ reason: String, isFinal: Bool) {
    lastDeath = reason
    guard isFinal else {
      complain("the supervisor (pid \(brain.pid)) cannot go on: \(reason). The programs keep running; starting another one")
      restartBrainAt = Clock.monotonic
      return
    }
    // A `pup run` that has taken over nothing yet: what it found is as it was.
    if !hasSupervised, entries.isEmpty {
      complain(
        "nothing was started: \(reason). Pup's programs have to fit each other, and what an earlier Pup has left: install the version that "
          + "wrote it, or end its programs with that one")
      exitCode = BrainMessage.refusalExitCode
      return
    }
    restartBrainAt = nil
    let text =
      "no supervisor is in charge, and none is started again: \(reason). The programs keep running. Install the version of Pup that fits and "
      + "run pup upgrade, or stop everything: kill \(getpid())"
    complain(text)
    leaveNote(text, InstanceFiles.refusal)
  }

  /// Ends one that is of no use before it has taken over.
  func refuse(_ brain: Brain, _ reason: String, isFinal: Bool) {
    complain("\(reason); ending it")
    brain.isRefused = true
    brain.lastWords = reason
    if isFinal { brain.refusal = reason }
    _ = pup_pidfd_signal(brain.pidfd, SIGKILL)
  }

  /// For commands, which find no supervisor that could tell them.
  func leaveNote(_ text: String, _ name: String) {
    guard !arguments.runtime.isEmpty else { return }
    let file = pup_open("\(arguments.runtime)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    let line = text + "\n"
    // It is on standard error already.
    _ = write(file, line, line.utf8.count)
    close(file)
  }

  /// Says nothing about the brain's code: the next try comes after a pause, and counts as no death.
  private func notStarted(_ failure: StartFailure) {
    let pause = health.didNotStart()
    let reason = "it could not be started: \(failure)"
    // Once for each reason: the tries go on for as long as it takes.
    if lastDeath != reason {
      complain(
        "cannot start the supervisor: \(failure). The programs keep running; trying again at least every \(BrainHealth.longestStartPause / Self.second) s"
      )
    }
    lastDeath = reason
    restartBrainAt = Clock.monotonic + pause
  }

  /// A brain has supervised in safe mode for long enough: the next one gets everything.
  private func endSafeMode(_ brain: Brain, _ now: Int64) {
    guard let deadline = safeModeDeadline, deadline <= now, let safe = health.safeMode else { return }
    guard send(.yield, to: brain) else {
      // It does not read just now; that is for the beat to judge.
      brain.readyAt = brain.readyAt.map { $0 + Self.second }
      return
    }
    lastDeath = "it made way at the end of safe mode, after \(safe.trial / Self.second) s without a fault"
    complain("safe mode ends after \(safe.trial / Self.second) s without a fault; starting a supervisor with everything")
    health.recover()
    brain.yieldingSince = now
    // What it has said until now counts as life: it gets its time.
    brain.lastBeat = now
  }

  private var safeModeDeadline: Int64? {
    guard let brain, let readyAt = brain.readyAt, let safe = health.safeMode, terminateSignal == 0, candidate == nil,
      brain.abortedAt == nil, brain.yieldingSince == nil
    else { return nil }
    return readyAt + safe.trial
  }

  /// Forgets the brain and closes the sockets to it.
  func disconnectBrain() {
    guard let brain else { return }
    unwatch(brain.pidfd)
    unwatch(brain.control.descriptor)
    _ = pup_epoll_remove(logEpoll, brain.logs.descriptor)
    close(brain.pidfd)
    self.brain = nil
    pendingNotices = []
  }

  static func words(for status: pup_child_status) -> String {
    status.code == CLD_EXITED ? "exit code \(status.status)" : "signal \(status.status)"
  }

  // MARK: Messages

  /// False when the socket is full or the brain is gone; nothing was sent then.
  func send(_ message: KeeperMessage, descriptors: [Int32] = [], to brain: Brain) -> Bool {
    if controlBlocked { return false }
    do {
      if try brain.control.send(message.encoded(), descriptors: descriptors) { return true }
    } catch {
      // Its death is told by the pidfd.
      return false
    }
    controlBlocked = true
    _ = pup_epoll_modify(
      epoll, brain.control.descriptor, UInt32(PUP_EPOLL_IN) | UInt32(PUP_EPOLL_OUT), WatchKey(.control).raw)
    return false
  }

  func controlReady(_ events: UInt32, isLast: Bool = false) {
    guard let brain else { return }
    if events & UInt32(PUP_EPOLL_OUT) != 0, controlBlocked {
      controlBlocked = false
      _ = pup_epoll_modify(epoll, brain.control.descriptor, UInt32(PUP_EPOLL_IN), WatchKey(.control).raw)
      sendPending()
    }
    // Bounded, so that a flood of requests leaves room for exits; a dead brain sends no more.
    for _ in 0..<(isLast ? Int.max : 256) {
      guard self.brain === brain, let received = try? brain.control.receive() else { return }
      switch received {
      case .nothing: return
      case .end:
        unwatch(brain.control.descriptor)
        return
      case .packet(let packet):
        handle(packet, from: brain)
      }
    }
  }

  private func handle(_ packet: PacketSocket.Packet, from brain: Brain) {
    var descriptors = packet.descriptors.map { $0.take() }
    defer { for descriptor in descriptors { close(descriptor) } }
    if brain.isRefused { return }
    let message: BrainMessage
    do throws(FormatError) {
      guard let known = try BrainMessage.decoded(packet.bytes[...]) else { return }
      message = known
    } catch {
      let reason = "the supervisor sent a message of \(packet.bytes.count) bytes that is not understood: \(error)"
      // One that has not taken over would wait for ever for what it has asked for.
      return brain.readyAt == nil ? refuse(brain, reason, isFinal: error.isRefusal) : complain(reason)
    }
    guard brain.greeted || message.mayComeBeforeHello else {
      return refuse(brain, "the supervisor did not greet before it asked for something", isFinal: false)
    }
    switch message {
    case .hello(let hello): greet(brain, hello)
    case .beat: brain.lastBeat = max(brain.lastBeat, Clock.monotonic)
    case .inventoryReceived(let chunk): inventoryReceived(chunk, by: brain)
    case .ready:
      Footprint.shrink()
      becameReady(brain)
      upgradeSucceeded()
      brain.lastBeat = Clock.monotonic
    case .spawn(let key):
      // Without its descriptor the message met a full table.
      guard let specification = descriptors.first else { return recordFailure(key, stage: .specification, errno: EMFILE) }
      spawn(key, specification: specification)
    case .signal(let key, let signal, let scope):
      guard let scope = TreeScope(rawValue: scope), signal > 0, signal < 65 else {
        return complain(
          "the supervisor asked for signal \(signal) to scope \(scope) of run \(key), which this keeper does not know; not sent")
      }
      signalRun(key, signal, scope)
    case .adopt(let entry, let grace, let timeout):
      brain.progressAt = Clock.monotonic
      let taken = descriptors
      descriptors = []
      adopt(entry, grace: grace, timeout: timeout, descriptors: taken)
    case .forget(let key): forget(key)
    case .notify(let text): serviceManager.send(text)
    case .exit(let code):
      brain.farewell = code
      brain.lastBeat = Clock.monotonic
    case .keep(let name):
      let taken = descriptors
      descriptors = []
      keep(name, taken)
    case .drop(let name): store.drop(name: name)
    case .ending(let reason): brain.lastWords = String(reason.prefix(500))
    }
  }

  func greet(_ brain: Brain, _ hello: Hello) {
    do throws(Hello.Mismatch) {
      brain.agreed = try hello.agreed()
    } catch {
      return refuse(brain, "\(error)", isFinal: true)
    }
    brain.greeted = true
    brain.closeStartReport()
    brain.lastBeat = Clock.monotonic
    brain.progressAt = brain.lastBeat
    sendWelcome(to: brain)
  }

  private func becameReady(_ brain: Brain) {
    guard brain.readyAt == nil else { return }
    brain.readyAt = Clock.monotonic
    hasSupervised = true
    if !arguments.runtime.isEmpty { unlink("\(arguments.runtime)/\(InstanceFiles.refusal)") }
    if health.failedStarts > 0 { complain("the supervisor works again, after \(health.failedStarts) tries to start one") }
    health.isReady()
  }

  func sendWelcome(to brain: Brain) {
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    _ = pup_open_file_limits(&soft, &hard)
    var welcome = KeeperMessage.Welcome()
    welcome.agreed = brain.agreed
    if let safe = health.safeMode {
      welcome.safeMode = KeeperMessage.SafeMode(since: safe.since, reason: safe.reason, trial: safe.trial)
    }
    welcome.reason = lastDeath
    welcome.terminateSignal = terminateSignal
    welcome.ledgerRows = UInt32(truncatingIfNeeded: arguments.rows)
    welcome.entries = UInt32(truncatingIfNeeded: entries.count)
    welcome.openFileLimit = UInt64(arguments.openFiles)
    welcome.openFileCapacity = soft
    welcome.cgroupBase = cgroups.areAvailable ? cgroups.path : ""
    welcome.programs = arguments.programs
    welcome.predecessors = predecessors
    welcome.keeperPid = getpid()
    welcome.kept = store.names
    brain.toldTerminate = min(terminateCount, 1)
    _ = send(.welcome(welcome), descriptors: WelcomeDescriptor.allCases.map { arguments[$0] } + store.descriptors, to: brain)
    brain.inventoryQueue = entries.keys.sorted { ($0.slot, $0.generation) > ($1.slot, $1.generation) }
    sendInventoryChunk(to: brain)
  }
}

extension BrainMessage {
  /// What a brain may say to a keeper that has not agreed with it yet on how they speak.
  fileprivate var mayComeBeforeHello: Bool {
    switch self {
    case .hello, .beat, .ending: true
    default: false
    }
  }
}
