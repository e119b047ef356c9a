internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupBasics
internal import PupSystem

/// exec in place: same pid, same children, same descriptors, new code. What is in memory travels in a memfd.
extension Keeper {
  /// Does not return when it succeeds; goes on as before when it does not.
  func replaceSelf() {
    guard candidate == nil, upgrade == nil, replaced == nil else {
      return complain("not replacing the keeper while an upgrade is under way")
    }
    let memory = pup_memfd("pup-keeper-state")
    guard memory >= 0 else {
      return complain("cannot replace the keeper: memfd_create: \(String(cString: pup_error_text(-memory)))")
    }
    defer { close(memory) }
    let bytes = KeeperMemory(state: state, brain: brain, entries: Array(entries.values)).encoded()
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(memory, $0.baseAddress, $0.count) }
      guard count > 0 else { return complain("cannot replace the keeper: its state could not be written") }
      written += count
    }
    lseek(memory, 0, SEEK_SET)
    var successor = arguments
    successor.resume = memory
    let inherited = inheritedDescriptors + [memory]
    for descriptor in inherited { _ = pup_set_cloexec(descriptor, false) }
    let code = CommandWords.withPointers(successor.words) { argv in
      pup_exec_descriptor(arguments.keeperExecutable, argv, environ)
    }
    for descriptor in inherited { _ = pup_set_cloexec(descriptor, true) }
    complain("cannot replace the keeper: exec: \(String(cString: pup_error_text(-code)))")
  }

  private var inheritedDescriptors: [Int32] {
    var all = arguments.descriptors + store.descriptors
    if let brain { all += [brain.pidfd, brain.control.descriptor, brain.logs.descriptor] }
    for entry in entries.values { all += entry.allDescriptors }
    return all
  }

  private var state: KeeperState {
    get {
      var state = KeeperState()
      (state.terminateSignal, state.terminateCount, state.interrupts) = (terminateSignal, terminateCount, interrupts)
      (state.terminateAskedAt, state.hangUpPending) = (terminateAskedAt, hangUpPending)
      (state.predecessors, state.lastDeath, state.health) = (predecessors, lastDeath, health)
      (state.originalOOMScore, state.restartBrainAt) = (originalOOMScore, restartBrainAt)
      (state.inherited, state.strays, state.lost) = (inherited.union(dismissed), strays.byRun, strays.lost)
      (state.lastGeneration, state.cgroupsToRemove, state.store) = (lastGeneration, cgroups.left, store)
      return state
    }
    set {
      (terminateSignal, terminateCount, interrupts) = (newValue.terminateSignal, newValue.terminateCount, newValue.interrupts)
      (terminateAskedAt, hangUpPending) = (newValue.terminateAskedAt, newValue.hangUpPending)
      (predecessors, lastDeath, health) = (newValue.predecessors, newValue.lastDeath, newValue.health)
      (originalOOMScore, restartBrainAt) = (newValue.originalOOMScore, newValue.restartBrainAt)
      inherited.formUnion(newValue.inherited)
      strays = StrayBook(byRun: newValue.strays, lost: newValue.lost)
      (lastGeneration, store) = (newValue.lastGeneration, newValue.store)
      cgroups.resume(left: newValue.cgroupsToRemove)
    }
  }

  /// Rebuilds what the keeper before the exec knew, and watches it again.
  func resume(from descriptor: Int32) throws(FormatError) {
    guard let bytes = ProcFiles.readAll(descriptor) else { throw .malformed }
    close(descriptor)
    let memory = try KeeperMemory(decoding: bytes)
    state = memory.state
    for descriptor in store.descriptors { _ = pup_set_cloexec(descriptor, true) }
    for entry in memory.entries { entries[entry.key] = entry }
    hasSupervised = true
    if let brain = memory.brain { reconnect(brain) }
    for key in entries.keys { rewatch(key) }
    // Signals and deaths of the moment between are level-triggered or pending; strangers are looked for once.
    strangersAt = Clock.monotonic
    if !strays.isEmpty { sessionPollAt = Clock.monotonic }
    sendPending()
    answerLeftovers()
  }

  private func reconnect(_ brain: Brain) {
    let announced = entries.filter { $0.value.announced }.keys
    connect(brain)
    for key in announced { entries[key]?.announced = true }
    for descriptor in [brain.pidfd, brain.control.descriptor, brain.logs.descriptor] { _ = pup_set_cloexec(descriptor, true) }
    for (key, entry) in entries where entry.announced && !entry.notices.isEmpty { pendingNotices.insert(key) }
    guard self.brain === brain, !brain.isUnderstood else { return }
    // The next one greets this keeper itself.
    refuse(
      brain,
      "the supervisor speaks \(ProtocolFormat.messages.name) version \(brain.agreed) with the keeper before this one, which speaks "
        + Format.words(ProtocolFormat.messages.versions), isFinal: false)
  }

  func rewatch(_ key: EntryKey) {
    guard let entry = entries[key] else { return }
    for descriptor in entry.allDescriptors { _ = pup_set_cloexec(descriptor, true) }
    if entry.pid > 0, entry.isLive, entry.isChild { childPids.insert(entry.pid) }
    resumeInit(of: key)
    holdLeaderAgain(key)
    watchAll(key)
    // That a cgroup has emptied is told once, and may have been told already.
    if entry.tree.cgroup != nil { checkTree(key) }
    if entry.tree.isSession, case .exited = entry.phase { sessionPollAt = Clock.monotonic }
    if entry.pidfd >= 0, entry.isLive, entry.statusDeadline != nil { statusPollAt = Clock.monotonic }
  }

  private func resumeInit(of key: EntryKey) {
    guard let entry = entries[key], let initProcess = entry.tree.initProcess, let stat = ProcFiles.stat(of: initProcess.pid)
    else { return }
    // Not every keeper has noted it. The number cannot be another's where the process is a child of this one.
    if initProcess.startTime == 0 { entries[key]?.tree.initProcess?.startTime = stat.startTime }
    guard stat.parent == getpid() else { return }
    childPids.insert(initProcess.pid)
    if entry.pid > 0, entry.isLive { childPids.insert(entry.pid) }
  }
}
