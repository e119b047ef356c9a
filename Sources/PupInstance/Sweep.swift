internal import CLinux
internal import Glibc
internal import PupSystem

/// Ends the programs of an instance whose keeper and brain are both gone, from what its state file says.
package struct Sweep {
  package struct Result: Sendable {
    package var lines: [String] = []
    package var isClean = true
    /// Whether anything was alive.
    package var foundAny = false
  }

  /// A run that may be alive: its leader, or members of its cgroup or below its pup-init.
  private struct Survivor {
    var process: String
    var run: RunRecord
    var cgroup: String?
    /// CLOCK_MONOTONIC ns.
    var termAt: Int64
    var killAt: Int64
    var isTold = false
  }

  private let paths: StoragePaths

  package init(_ paths: StoragePaths) { self.paths = paths }

  /// The processes of which a program is alive, by their ids; asked for without stopping anything.
  package func survivors() throws(InstanceError) -> [String] {
    guard let directory = RuntimeFiles.existingDirectory(paths) else { return [] }
    var names: [String] = []
    for survivor in try find(in: directory).0 where !names.contains(survivor.process) { names.append(survivor.process) }
    return names
  }

  package func run() throws(InstanceError) -> Result {
    var result = Result()
    guard let directory = RuntimeFiles.existingDirectory(paths) else {
      result.lines.append("nothing was left behind")
      return result
    }
    // The lock keeps a `pup run` from taking over what is being stopped.
    let lock = try InstanceLock.acquire(paths)
    defer { close(lock) }
    var (survivors, cgroupBase) = try find(in: directory)
    result.foundAny = !survivors.isEmpty
    while !survivors.isEmpty {
      let now = Clock.monotonic
      for index in survivors.indices { act(on: &survivors[index], now) }
      poll(nil, 0, 20)
      let gone = survivors.filter { members(of: $0).isEmpty }
      for survivor in gone { result.lines.append("\(survivor.process): stopped (pid \(survivor.run.pid))") }
      survivors.removeAll { survivor in gone.contains { $0.process == survivor.process && $0.run == survivor.run } }
      // A process in uninterruptible sleep cannot be killed; waiting for ever would hold up a service manager.
      if survivors.allSatisfy({ now > $0.killAt + 10_000_000_000 }) { break }
    }
    for survivor in survivors {
      result.lines.append("\(survivor.process): pid \(survivor.run.pid) could not be stopped")
      result.isClean = false
    }
    if !result.foundAny { result.lines.append("nothing was left behind") }
    if result.isClean { removeFiles(directory, cgroupBase: cgroupBase) }
    return result
  }

  private func find(in directory: String) throws(InstanceError) -> ([Survivor], cgroupBase: String) {
    let descriptor = pup_open(directory + "/state", O_RDONLY, 0)
    guard descriptor >= 0 else { return ([], "") }
    defer { close(descriptor) }
    do throws(SystemError) {
      let state = try StateFile(descriptor: descriptor)
      let base = CgroupBase.existing(state.readHeader()) ?? ""
      let now = Clock.monotonic
      var survivors: [Survivor] = []
      for slot in 0..<state.capacity {
        guard let content = state.read(slot: slot) else { continue }
        for var run in content.runs {
          // Neither was told: the keeper died right after it had started the run.
          let mark = InitMark.word(runtime: directory, key: EntryKey(slot: UInt32(slot), generation: run.generation))
          if run.pid == 0, run.initPid == 0, let found = InitMark.find(mark) {
            (run.initPid, run.initStartTime) = (found.pid, found.startTime)
            // Its first child is the program.
            run.pid = ProcFiles.children(of: found.pid)?.first ?? 0
          }
          let name = RunRecord.cgroupName(process: content.process, generation: run.generation)
          let survivor = Survivor(
            process: content.process, run: run, cgroup: run.initPid == 0 && !base.isEmpty ? "\(base)/\(name)" : nil,
            termAt: now + Int64(clamping: run.graceNanoseconds), killAt: now + Int64(clamping: run.timeoutNanoseconds))
          if !members(of: survivor).isEmpty { survivors.append(survivor) }
        }
      }
      return (survivors, base)
    } catch {
      throw InstanceError(.system, "\(error)")
    }
  }

  private func act(on survivor: inout Survivor, _ now: Int64) {
    if now >= survivor.killAt {
      if let cgroup = survivor.cgroup, Self.killAll(cgroup) { return }
      for pid in members(of: survivor) { signal(pid, SIGKILL, survivor) }
    } else if now >= survivor.termAt, !survivor.isTold {
      survivor.isTold = true
      for pid in members(of: survivor) { signal(pid, SIGTERM, survivor) }
    }
  }

  /// With everything below it, and what is being forked meanwhile.
  private static func killAll(_ cgroup: String) -> Bool {
    let file = pup_open(cgroup + "/cgroup.kill", O_WRONLY, 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    return write(file, "1", 1) == 1
  }

  private func members(of survivor: Survivor) -> [Int32] {
    if let cgroup = survivor.cgroup, let procs = ProcFiles.read(cgroup + "/cgroup.procs") {
      let below = (FolderNames.list(cgroup) ?? []).compactMap { ProcFiles.read("\(cgroup)/\($0)/cgroup.procs") }
      return ([procs] + below).flatMap { ProcFiles.numbers($0) }
    }
    if survivor.run.initPid > 0, ProcFiles.stat(of: survivor.run.initPid)?.startTime == survivor.run.initStartTime {
      return ProcFiles.descendants(of: survivor.run.initPid)
    }
    guard survivor.run.pid > 0, let leader = ProcFiles.stat(of: survivor.run.pid), leader.startTime == survivor.run.startTime,
      leader.state != UInt8(ascii: "Z")
    else { return [] }
    return ProcFiles.members(ofSession: survivor.run.pid)
  }

  private func signal(_ pid: Int32, _ signal: Int32, _ survivor: Survivor) {
    let pidfd = pup_pidfd_open(pid)
    guard pidfd >= 0 else { return }
    defer { close(pidfd) }
    // Checked again behind the open descriptor: the number may have changed hands before it.
    guard members(of: survivor).contains(pid) else { return }
    _ = pup_pidfd_signal(pidfd, signal)
  }

  private func removeFiles(_ directory: String, cgroupBase: String) {
    if !cgroupBase.isEmpty {
      FolderRemoval.removeCgroups(cgroupBase)
      CgroupLeaf.remove(beside: cgroupBase)
    }
    RuntimeFiles.remove(directory: directory, paths)
  }
}
