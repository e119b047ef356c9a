internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// exec in place: same pid, same children, same descriptors, new code. What is in memory travels in a memfd.
extension Keeper {
  /// Of the state that travels through exec; a keeper that does not read it says so at `--check`.
  static let resumeVersion: UInt32 = 2

  /// Does not return when it succeeds; goes on as before when it does not.
  func replaceSelf() {
    guard candidate == nil, keeperCheck == nil, replacedBrain == nil else {
      return complain("not replacing the keeper while an upgrade is under way")
    }
    let memory = pup_memfd("pup-keeper-state")
    guard memory >= 0 else {
      return complain("cannot replace the keeper: memfd_create: \(String(cString: pup_error_text(-memory)))")
    }
    defer { close(memory) }
    let state = encodeState()
    var written = 0
    while written < state.count {
      let count = state[written...].withUnsafeBytes { write(memory, $0.baseAddress, $0.count) }
      guard count > 0 else { return complain("cannot replace the keeper: its state could not be written") }
      written += count
    }
    lseek(memory, 0, SEEK_SET)
    var successor = arguments
    successor.resume = memory
    let inherited = inheritedDescriptors + [memory]
    for descriptor in inherited { _ = pup_set_cloexec(descriptor, false) }
    let code = CommandWords.withPointers(successor.words(name: "pup-keeper")) { argv in
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

  private func encodeState() -> [UInt8] {
    var writer = PacketWriter()
    writer.put(Self.resumeVersion)
    writer.put(UInt64(terminateSignal))
    writer.put(UInt64(terminateCount))
    writer.put(UInt64(interrupts))
    writer.put(terminateAskedAt)
    writer.put(hangUpPending)
    writer.put(predecessors)
    writer.put(lastDeath)
    writer.put(safeReason ?? "")
    writer.put(backoff)
    writer.put(UInt64(bitPattern: Int64(originalOOMScore)))
    writer.put(UInt32(deaths.count))
    for death in deaths { writer.put(death) }
    writer.put(restartBrainAt ?? -1)
    writer.put(UInt32(lastGeneration.count))
    for (slot, generation) in lastGeneration {
      writer.put(slot)
      writer.put(generation)
    }
    writer.put(UInt32(cgroupsToRemove.count))
    for name in cgroupsToRemove { writer.put(name) }
    store.write(to: &writer)
    writer.put(brain != nil)
    if let brain { brain.write(to: &writer) }
    writer.put(UInt32(entries.count))
    for entry in entries.values { entry.write(to: &writer) }
    return writer.bytes
  }

  /// Rebuilds what the keeper before the exec knew, and watches it again.
  func resume(from descriptor: Int32) throws(PacketReader.Malformed) {
    guard let bytes = ProcFiles.readAll(descriptor) else { throw PacketReader.Malformed() }
    close(descriptor)
    var reader = PacketReader(bytes[...])
    guard try reader.get(UInt32.self) == Self.resumeVersion else { throw PacketReader.Malformed() }
    terminateSignal = Int32(truncatingIfNeeded: try reader.get(UInt64.self))
    terminateCount = Int(truncatingIfNeeded: try reader.get(UInt64.self))
    interrupts = Int(truncatingIfNeeded: try reader.get(UInt64.self))
    terminateAskedAt = try reader.get()
    hangUpPending = try reader.getBool()
    predecessors = try reader.get()
    lastDeath = try reader.getString()
    let safe = try reader.getString()
    safeReason = safe.isEmpty ? nil : safe
    backoff = try reader.get()
    originalOOMScore = Int32(truncatingIfNeeded: try reader.get(UInt64.self))
    for _ in 0..<(try reader.get(UInt32.self)) { deaths.append(try reader.get()) }
    let restart = try reader.get(Int64.self)
    restartBrainAt = restart < 0 ? nil : restart
    for _ in 0..<(try reader.get(UInt32.self)) { lastGeneration[try reader.get()] = try reader.get(UInt32.self) }
    for _ in 0..<(try reader.get(UInt32.self)) { cgroupsToRemove.append(try reader.getString()) }
    store = try DescriptorStore(from: &reader)
    for descriptor in store.descriptors { _ = pup_set_cloexec(descriptor, true) }
    let oldBrain = try reader.getBool() ? try Brain(from: &reader) : nil
    for _ in 0..<(try reader.get(UInt32.self)) {
      let entry = try Entry(from: &reader)
      entries[entry.key] = entry
    }
    if let oldBrain { reconnect(oldBrain) }
    for key in entries.keys { rewatch(key) }
    // Signals and deaths of the moment between are level-triggered or pending; strangers are looked for once.
    strangersAt = Clock.monotonic
    sendPending()
    answerLeftovers()
  }

  private func reconnect(_ brain: Brain) {
    let announced = entries.filter { $0.value.announced }.keys
    connect(brain)
    for key in announced { entries[key]?.announced = true }
    for descriptor in [brain.pidfd, brain.control.descriptor, brain.logs.descriptor] { _ = pup_set_cloexec(descriptor, true) }
    for (key, entry) in entries where entry.announced && !entry.notices.isEmpty { pendingNotices.insert(key) }
  }

  private func rewatch(_ key: EntryKey) {
    guard let entry = entries[key] else { return }
    for descriptor in entry.allDescriptors { _ = pup_set_cloexec(descriptor, true) }
    if case .spawning(let errorPipe) = entry.phase { _ = watch(errorPipe, WatchKey(.errorPipe, key)) }
    switch entry.tree {
    case .cgroup(_, _, let events): _ = watch(events, WatchKey(.cgroupEvents, key), UInt32(PUP_EPOLL_PRI))
    case .initProcess(let pid, let pidfd, let reports):
      childPids.insert(pid)
      _ = watch(reports, WatchKey(.reports, key))
      _ = watch(pidfd, WatchKey(.initProcess, key))
    case .session:
      if case .exited = entry.phase { sessionPollAt = Clock.monotonic }
    }
    if entry.pidfd >= 0, entry.isLive {
      if entry.isChild { childPids.insert(entry.pid) }
      if entry.exit == nil { _ = watch(entry.pidfd, WatchKey(.leader, key)) }
      if entry.statusDeadline != nil { statusPollAt = Clock.monotonic }
    }
  }
}
