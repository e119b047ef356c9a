internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupBasics
internal import PupSystem

/// exec in place: same pid, same children, same descriptors, new code. What is in memory travels in a memfd.
extension Keeper {
  /// Does not return when it succeeds; goes on as before when it does not.
  func replaceSelf() {
    guard !upgrades.isUnderWay else { return complain("not replacing the keeper while an upgrade is under way") }
    let memory: Descriptor
    do throws(SystemError) {
      memory = try writeMemory()
    } catch {
      return complain("cannot replace the keeper: \(error)")
    }
    var successor = installation.arguments
    successor.resume = memory.number
    let inherited = inheritedDescriptors + [memory.number]
    CloseOnExec.clear(inherited)
    let code = CommandWords.withPointers(successor.words) { argv in
      pup_exec_descriptor(installation.arguments.keeperExecutable, argv, environ)
    }
    CloseOnExec.set(inherited)
    complain("cannot replace the keeper: exec: \(String(cString: pup_error_text(-code)))")
  }

  private func writeMemory() throws(SystemError) -> Descriptor {
    let memory = try Descriptor(pup_memfd("pup-keeper-state"), "memfd_create")
    let bytes = KeeperMemory(state: state, brain: link.brain, entries: Array(runs.entries.values)).encoded()
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(memory.number, $0.baseAddress, $0.count) }
      guard count > 0 else { throw SystemError("write its state", errno: count < 0 ? errno : EIO) }
      written += count
    }
    guard lseek(memory.number, 0, SEEK_SET) == 0 else { throw SystemError("lseek", errno: errno) }
    return memory
  }

  private var inheritedDescriptors: [Int32] {
    installation.arguments.descriptors + store.descriptors + (link.brain?.descriptors ?? [])
      + runs.entries.values.flatMap(\.allDescriptors)
  }

  private var state: KeeperState {
    var state = KeeperState()
    requests.save(to: &state)
    brains.save(to: &state)
    control.save(to: &state)
    (state.originalOOMScore, state.store) = (settings.originalOOMScore, store)
    return state
  }

  /// Rebuilds what the keeper before the exec knew, and watches it again.
  func resume(from descriptor: Int32) throws(FormatError) {
    let file = Descriptor(descriptor)
    guard let bytes = ProcFiles.readAll(file.number) else { throw .malformed }
    let memory = try KeeperMemory(decoding: bytes)
    requests.resume(memory.state)
    brains.resume(memory.state)
    control.resume(memory.state, memory.entries)
    settings.originalOOMScore = memory.state.originalOOMScore
    store.resume(memory.state.store)
    if let brain = memory.brain { brains.reconnect(brain) }
    control.rewatchAll()
    link.sendPending()
    output.answerLeftovers()
  }
}
