internal import CLinux
internal import Glibc
internal import PupSystem

extension Keeper {
  /// Names the next 64 runs. One chunk is under way at a time, so that it always fits into the socket.
  func sendInventoryChunk(to brain: Brain) {
    var chunk: [Entry] = []
    while chunk.count < 64, let key = brain.inventoryQueue.popLast() {
      if let entry = entries[key] { chunk.append(entry) }
    }
    let last = brain.inventoryQueue.isEmpty
    let message = KeeperMessage.inventory(chunk: brain.inventoryChunk, last: last, chunk.map(\.inventory))
    guard send(message, descriptors: chunk.flatMap(\.streamDescriptors), to: brain) else {
      brain.inventoryQueue += chunk.reversed().map(\.key)
      brain.chunkBlocked = true
      return
    }
    for entry in chunk {
      // The entry as sent holds everything that happened until now.
      entries[entry.key]?.announced = true
      entries[entry.key]?.notices = []
    }
    if last { brain.inventoryDone = true }
  }

  func inventoryReceived(_ chunk: UInt32, by brain: Brain) {
    brain.lastBeat = Clock.monotonic
    brain.progressAt = brain.lastBeat
    guard chunk == brain.inventoryChunk else { return }
    brain.inventoryChunk += 1
    guard brain.inventoryDone else {
      sendInventoryChunk(to: brain)
      return
    }
    tellBrainAboutSignals()
    sendPending()
  }

  // MARK: Notices

  /// Tells the brain what is new about a run, or remembers that it has to be told.
  func announce(_ key: EntryKey) {
    guard let brain, brain.greeted, entries[key]?.announced == true else { return }
    if !sendNotices(key, to: brain) { pendingNotices.insert(key) }
  }

  /// In order; false when the socket was full before the end.
  private func sendNotices(_ key: EntryKey, to brain: Brain) -> Bool {
    guard let entry = entries[key] else { return true }
    if entry.notices.contains(.adopted) {
      guard send(.adopted(entry.inventory), descriptors: entry.streamDescriptors, to: brain) else { return false }
      entries[key]?.notices = []
      return true
    }
    if entry.notices.contains(.outcome) {
      let sent: Bool
      if case .failed = entry.phase {
        sent = send(.spawnFailed(key, stage: entry.failureStage, errno: entry.failureErrno), to: brain)
      } else {
        let inventory = entry.inventory
        sent = send(
          .spawned(
            key, pid: entry.pid, startTime: entry.startTime, cgroup: inventory.cgroup, initPid: inventory.initPid),
          descriptors: entry.streamDescriptors, to: brain)
      }
      guard sent else { return false }
      entries[key]?.notices.remove(.outcome)
    }
    if entry.notices.contains(.exited), let exit = entry.exit {
      guard send(.exited(key, exit), to: brain) else { return false }
      entries[key]?.notices.remove(.exited)
    }
    if entry.notices.contains(.empty) {
      guard send(.treeEmpty(key), to: brain) else { return false }
      entries[key]?.notices.remove(.empty)
    }
    return true
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
    tellBrainAboutSignals()
    guard sendStrayReports() else { return }
    for key in pendingNotices {
      guard sendNotices(key, to: brain) else { return }
      pendingNotices.remove(key)
    }
  }

  /// The brain has recorded the exit and drained the output.
  func forget(_ key: EntryKey) {
    guard let entry = entries[key] else { return }
    if entry.isLive {
      complain("the supervisor wants to forget run \(key), which is alive; kept")
      return
    }
    for descriptor in entry.streamDescriptors { close(descriptor) }
    dismissInit(of: key)
    entries[key] = nil
    pendingNotices.remove(key)
  }
}
