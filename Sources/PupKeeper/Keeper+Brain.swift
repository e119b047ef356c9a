internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

extension Keeper {
  // MARK: Starting

  func startBrain() {
    restartBrainAt = nil
    guard brain == nil else { return }
    guard let started = spawnBrain(arguments.brainExecutable, standby: false) else {
      brainFailedToStart()
      return
    }
    connect(started)
  }

  /// Starts an executable as a brain; nil (and a complaint) when that fails.
  func spawnBrain(_ executable: Int32, standby: Bool) -> Brain? {
    var (control, brainControl, logs, brainLogs): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    let made = min(pup_seqpacket_pair(&control, &brainControl), pup_seqpacket_pair(&logs, &brainLogs))
    guard made >= 0 else {
      complain("cannot make sockets for the supervisor: \(String(cString: pup_error_text(-made)))")
      for socket in [control, brainControl, logs, brainLogs] where socket >= 0 { close(socket) }
      return nil
    }
    var errorRead: Int32 = -1
    var errorWrite: Int32 = -1
    _ = pup_pipe(&errorRead, &errorWrite, true)
    var pidfd: Int32 = -1
    let words = ["pup-supervisor", "--control", "3", "--logs", "4"] + (standby ? ["--standby"] : [])
    let pid = CommandWords.withPointers(words) { argv in
      pup_spawn_brain(executable, argv, environ, brainControl, brainLogs, errorWrite, &pidfd)
    }
    close(brainControl)
    close(brainLogs)
    close(errorWrite)
    close(errorRead)
    guard pid > 0 else {
      complain("cannot start the supervisor: \(String(cString: pup_error_text(-pid)))")
      close(control)
      close(logs)
      return nil
    }
    return Brain(
      pid: pid, pidfd: pidfd, control: PacketSocket(owning: control), logs: PacketSocket(owning: logs), isChild: true,
      now: Clock.monotonic)
  }

  /// Puts a brain in charge.
  func connect(_ brain: Brain) {
    self.brain = brain
    controlBlocked = false
    logsBlocked = false
    pendingNotices = []
    for key in entries.keys { entries[key]?.announced = false }
    _ = watch(brain.pidfd, WatchKey(.brain))
    _ = watch(brain.control.descriptor, WatchKey(.control))
    _ = pup_epoll_add(logEpoll, brain.logs.descriptor, UInt32(PUP_EPOLL_IN), 0)
  }

  // MARK: Silence and death

  /// When something has to be done about the brain, if it stays as it is.
  var brainDeadline: Int64? {
    guard let brain else { return nil }
    if let abortedAt = brain.abortedAt { return abortedAt + 2 * Self.second }
    if let since = brain.yieldingSince { return min(since, brain.lastBeat) + 5 * Self.second }
    return brain.lastBeat + 5 * Self.second
  }

  func watchBrain(_ now: Int64) {
    guard let brain, let deadline = brainDeadline, deadline <= now else { return }
    if brain.abortedAt != nil || brain.farewell != nil {
      _ = pup_pidfd_signal(brain.pidfd, SIGKILL)
      brain.abortedAt = now
    } else {
      complain("the supervisor (pid \(brain.pid)) has been silent for 5 s; replacing it")
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
    lastDeath = brain.isChild ? Self.words(for: status) : "it ended"
    if brain.abortedAt != nil { lastDeath = "it did not answer for 5 s" }
    complain("the supervisor (pid \(brain.pid)) died: \(lastDeath). The programs keep running; starting a new one")
    upgradeFailed()
    // One that did its work until somebody killed it says nothing about the next one.
    let wasKilled =
      brain.isReady && brain.abortedAt == nil && brain.isChild && status.code == CLD_KILLED && status.status == SIGKILL
    scheduleRestart(livedFor: Clock.monotonic - brain.startedAt, isFault: !wasKilled)
  }

  private func brainFailedToStart() {
    lastDeath = "it could not be started"
    scheduleRestart(livedFor: 0, isFault: true)
  }

  /// At once, unless five have died within a minute.
  private func scheduleRestart(livedFor lifetime: Int64, isFault: Bool) {
    let now = Clock.monotonic
    guard isFault else {
      restartBrainAt = now
      return
    }
    if lifetime > 60 * Self.second {
      deaths = []
      backoff = 0
      safeReason = nil
    }
    deaths = deaths.filter { now - $0 < 60 * Self.second } + [now]
    if deaths.count >= 5 {
      backoff = min(max(backoff * 2, Self.second), 30 * Self.second)
      safeReason = "\(deaths.count) supervisors died within a minute, the last because: \(lastDeath)"
      complain("\(safeReason ?? ""). Next try in \(backoff / Self.second) s, with --safe")
    }
    restartBrainAt = now + backoff
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
    var descriptors = packet.descriptors
    defer { for descriptor in descriptors { close(descriptor) } }
    guard let message = try? BrainMessage(decoding: packet.bytes[...]) else {
      complain("the supervisor sent a message of \(packet.bytes.count) bytes that is not understood")
      return
    }
    switch message {
    case .hello(let version, let build, _): greet(brain, version: version, build: build)
    case .beat: brain.lastBeat = max(brain.lastBeat, Clock.monotonic)
    case .inventoryReceived(let chunk): inventoryReceived(chunk, by: brain)
    case .ready:
      Footprint.shrink()
      brain.isReady = true
      upgradeSucceeded()
      brain.lastBeat = Clock.monotonic
    case .spawn(let key):
      // Without its descriptor the message met a full table.
      guard let specification = descriptors.first else { return recordFailure(key, stage: .specification, errno: EMFILE) }
      spawn(key, specification: specification)
    case .signal(let key, let signal, let scope):
      guard let scope = TreeScope(rawValue: scope), signal > 0, signal < 65 else { return }
      signalRun(key, signal, scope)
    case .adopt(let entry, let grace, let timeout):
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
    }
  }

  func greet(_ brain: Brain, version: UInt32, build: String) {
    guard version == BrainMessage.version else {
      complain("the supervisor speaks protocol \(version) and this keeper \(BrainMessage.version); ending it")
      _ = pup_pidfd_signal(brain.pidfd, SIGKILL)
      return
    }
    brain.greeted = true
    brain.lastBeat = Clock.monotonic
    sendWelcome(to: brain)
  }

  func sendWelcome(to brain: Brain) {
    var soft: UInt64 = 0
    var hard: UInt64 = 0
    _ = pup_open_file_limits(&soft, &hard)
    var welcome = KeeperMessage.Welcome()
    welcome.safe = safeReason != nil
    welcome.reason = safeReason ?? lastDeath
    welcome.terminateSignal = terminateSignal
    welcome.ledgerRows = UInt32(truncatingIfNeeded: arguments.rows)
    welcome.entries = UInt32(truncatingIfNeeded: entries.count)
    welcome.openFileLimit = arguments.openFiles
    welcome.openFileCapacity = soft
    welcome.cgroupBase = cgroupBase >= 0 ? arguments.cgroupBase : ""
    welcome.programs = arguments.programs
    welcome.predecessors = predecessors
    welcome.keeperPid = getpid()
    welcome.kept = store.names
    brain.toldTerminate = min(terminateCount, 1)
    _ = send(.welcome(welcome), descriptors: arguments.welcomeDescriptors + store.descriptors, to: brain)
    brain.inventoryQueue = entries.keys.sorted { ($0.slot, $0.generation) > ($1.slot, $1.generation) }
    sendInventoryChunk(to: brain)
  }
}

extension KeeperArguments {
  /// In the order of `WelcomeDescriptor`.
  var welcomeDescriptors: [Int32] {
    [instance, state, streams, sinks, lock, keeperExecutable, brainExecutable, initExecutable]
  }
}
