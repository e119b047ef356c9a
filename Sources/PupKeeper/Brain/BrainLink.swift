internal import PupSystem

/// The conversation with the brain in charge. The keeper never waits for it: each run carries the notices that are still to be
/// sent, and what does not fit into the socket stays there.
final class BrainLink {
  private let poller: Poller
  let runs: RunRegistry
  private let requests: SignalRequests

  private(set) var brain: Brain?
  private var pendingNotices: Set<EntryKey> = []
  private var strayReports: [StrayReport] = []
  private var isBlocked = false

  init(poller: Poller, runs: RunRegistry, requests: SignalRequests) {
    (self.poller, self.runs, self.requests) = (poller, runs, requests)
  }

  // MARK: Who is in charge

  /// - Throws: when its end, or what it says, could not be noticed. It is in charge even so.
  func connect(_ brain: Brain) throws(SystemError) {
    self.brain = brain
    isBlocked = false
    pendingNotices = []
    runs.forgetAnnouncements()
    try poller.add(brain.pidfd.number, WatchKey(.brain))
    try poller.add(brain.control.descriptor, WatchKey(.control))
  }

  /// Forgets the brain and closes the socket to it.
  func disconnect() {
    guard let brain else { return }
    poller.remove(brain.pidfd.number)
    poller.remove(brain.control.descriptor)
    brain.pidfd.close()
    self.brain = nil
    pendingNotices = []
  }

  // MARK: Messages

  /// False when the socket is full or the brain is gone; nothing was sent then.
  func send(_ message: KeeperMessage, descriptors: [Int32] = [], to brain: Brain) -> Bool {
    if isBlocked { return false }
    do {
      if try brain.control.send(message.encoded(), descriptors: descriptors) { return true }
    } catch {
      // Its death is told by the pidfd.
      return false
    }
    isBlocked = true
    poller.change(brain.control.descriptor, WatchKey(.control), Poller.input | Poller.output)
    return false
  }

  /// - Parameters:
  ///   - isLast: the brain has ended, and sends no more.
  ///   - handle: may put another brain in charge, or none.
  func ready(_ events: UInt32, isLast: Bool = false, _ handle: (PacketSocket.Packet, Brain) -> Void) {
    guard let brain else { return }
    if events & Poller.output != 0, isBlocked {
      isBlocked = false
      poller.change(brain.control.descriptor, WatchKey(.control), Poller.input)
      sendPending()
    }
    // Bounded, so that a flood of requests leaves room for exits. A socket that fails says no more than its end does.
    for _ in 0..<(isLast ? Int.max : 256) {
      guard self.brain === brain, let received = try? brain.control.receive() else { return }
      switch received {
      case .nothing: return
      case .end:
        poller.remove(brain.control.descriptor)
        return
      case .packet(let packet):
        handle(packet, brain)
      }
    }
  }

  // MARK: What is pending

  /// Tells the brain what is new about a run, or remembers that it has to be told.
  func announce(_ key: EntryKey) {
    guard let brain, brain.greeted, runs[key]?.announced == true else { return }
    if !sendNotices(key, to: brain) { pendingNotices.insert(key) }
  }

  /// After the socket has room again.
  func sendPending() {
    guard let brain, brain.greeted else { return }
    if !brain.inventoryDone {
      if brain.chunkBlocked {
        brain.chunkBlocked = false
        sendInventoryChunk(to: brain)
      }
      return
    }
    tellAboutSignals()
    guard sendStrayReports() else { return }
    for key in pendingNotices {
      guard sendNotices(key, to: brain) else { return }
      pendingNotices.remove(key)
    }
  }

  /// After an exec: what the keeper before it had not told yet.
  func resumePending() {
    for (key, entry) in runs.entries where entry.announced && !entry.notices.isEmpty { pendingNotices.insert(key) }
  }

  func forget(_ key: EntryKey) { pendingNotices.remove(key) }

  /// Says what has not been said yet; a full socket leaves it for later.
  func tellAboutSignals() {
    guard let brain, brain.inventoryDone else { return }
    while brain.toldTerminate < requests.count {
      guard send(.terminate(signal: requests.signal), to: brain) else { return }
      brain.toldTerminate += 1
    }
    if requests.hangUpPending, send(.hangUp, to: brain) { requests.hangUpTold() }
  }

  func report(_ stray: StrayReport) {
    if strayReports.count < StrayReport.limit { strayReports.append(stray) }
    // What does not fit goes with what is pending.
    _ = sendStrayReports()
  }

  /// False when the socket was full before the end.
  private func sendStrayReports() -> Bool {
    guard let brain, brain.inventoryDone else { return false }
    while let next = strayReports.first {
      guard send(.stray(next), to: brain) else { return false }
      strayReports.removeFirst()
    }
    return true
  }

  /// In order; false when the socket was full before the end.
  private func sendNotices(_ key: EntryKey, to brain: Brain) -> Bool {
    guard let entry = runs[key] else { return true }
    if entry.notices.contains(.adopted) {
      guard send(.adopted(entry.inventory), descriptors: entry.streamDescriptors, to: brain) else { return false }
      runs[key]?.notices = []
      return true
    }
    if entry.notices.contains(.outcome) {
      let sent: Bool
      if case .failed = entry.phase {
        sent = send(.spawnFailed(key, entry.failure), to: brain)
      } else {
        let inventory = entry.inventory
        sent = send(
          .spawned(
            key, pid: entry.pid, startTime: entry.startTime, cgroup: inventory.cgroup, initPid: inventory.initPid),
          descriptors: entry.streamDescriptors, to: brain)
      }
      guard sent else { return false }
      runs[key]?.notices.remove(.outcome)
    }
    if entry.notices.contains(.exited), let exit = entry.exit {
      guard send(.exited(key, exit), to: brain) else { return false }
      runs[key]?.notices.remove(.exited)
    }
    if entry.notices.contains(.empty) {
      guard send(.treeEmpty(key), to: brain) else { return false }
      runs[key]?.notices.remove(.empty)
    }
    return true
  }
}
