internal import CLinux
internal import Glibc
internal import PupSystem

/// Ends the programs of an instance whose keeper and brain are both gone, if they are proven to be its own.
package struct Sweep {
  package struct Result: Sendable {
    package var lines: [String] = []
    package var isClean = true
    /// Whether anything was alive.
    package var foundAny = false
  }

  /// A run that was alive, and is no more.
  package struct Ended: Sendable {
    package var process: String
    package var generation: UInt32
    package var pid: Int32
  }

  /// A run that is being ended.
  private struct Target {
    var survivor: Survivor
    /// CLOCK_MONOTONIC ns.
    var termAt: Int64
    var killAt: Int64
    var isTold = false

    init(_ survivor: Survivor, now: Int64) {
      self.survivor = survivor
      termAt = now + Int64(clamping: survivor.run.graceNanoseconds)
      killAt = now + Int64(clamping: survivor.run.timeoutNanoseconds)
    }
  }

  private let paths: StoragePaths

  package init(_ paths: StoragePaths) { self.paths = paths }

  /// The ids of the processes that have a live program; stops nothing.
  package func survivors() throws(InstanceError) -> [String] {
    var names: [String] = []
    for survivor in try SurvivorSearch(paths, isThorough: true).survivors
    where survivor.evidence == .proof && !names.contains(survivor.process) {
      names.append(survivor.process)
    }
    return names
  }

  /// A folder that may not be read is not a missing one.
  private func isThere(_ folder: String) throws(InstanceError) -> Bool {
    if access(folder, F_OK) == 0 { return true }
    let reason = errno
    guard reason != ENOENT, reason != ENOTDIR else { return false }
    throw InstanceError(
      reason == EACCES ? .permission : .system,
      "\(folder): \(String(cString: pup_error_text(reason))); cannot tell whether anything was left behind there"
        + (reason == EACCES ? ". It belongs to another user, or you may not read it: run pup sweep as that user, or as root" : "")
    )
  }

  /// - Parameter record: called with the runs that were ended, if there are any, while no Pup can start; says what is to be told
  ///   about it.
  package func run(recording record: ([Ended]) -> String? = { _ in nil }) throws(InstanceError) -> Result {
    var result = Result()
    var ended: [Ended] = []
    // Without a folder there is no lock; live programs are found all the same.
    let lock = try isThere(paths.data) ? try InstanceLock.acquire(paths) : nil
    // The lock keeps a `pup run` from taking over what is being stopped.
    defer { lock?.close() }
    if lock.map({ InstanceLock.lastOwner($0.number) == .unknown }) ?? true { try InstanceLock.refuseLiving(paths) }
    let search = try SurvivorSearch(paths, isThorough: true)
    let now = Clock.monotonic
    var targets = search.survivors.filter { $0.evidence == .proof }.map { Target($0, now: now) }
    result.foundAny = !search.survivors.isEmpty
    while !targets.isEmpty {
      let now = Clock.monotonic
      for index in targets.indices { act(on: &targets[index], now) }
      poll(nil, 0, 20)
      targets.removeAll { target in
        guard target.survivor.members.isEmpty else { return false }
        let run = target.survivor.run
        result.lines.append("\(target.survivor.process): stopped (pid \(run.pid))")
        ended.append(Ended(process: target.survivor.process, generation: run.generation, pid: run.pid))
        return true
      }
      // A process in uninterruptible sleep cannot be killed; waiting forever would hold up a service manager.
      if targets.allSatisfy({ now > $0.killAt + 10_000_000_000 }) { break }
    }
    for target in targets {
      result.lines.append("\(target.survivor.process): pid \(target.survivor.run.pid) could not be stopped")
      result.isClean = false
    }
    for survivor in search.survivors where survivor.evidence == .hint {
      result.lines.append(
        "\(survivor.process): pid \(survivor.pid) may belong to this instance, but nothing proves it; it was left alone. If it does: kill \(survivor.pid)"
      )
      result.isClean = false
    }
    if !result.foundAny { result.lines.append("nothing was left behind") }
    if result.isClean { removeFiles(search) }
    if result.isClean, let lock { InstanceLock.forgetOwner(lock.number) }
    // Last, since a disk that hangs holds it up.
    if !ended.isEmpty, let line = record(ended) { result.lines.append(line) }
    return result
  }

  private func act(on target: inout Target, _ now: Int64) {
    if now >= target.killAt {
      target.survivor.tree.kill()
    } else if now >= target.termAt, !target.isTold {
      target.isTold = true
      target.survivor.tree.signal(SIGTERM)
    }
  }

  private func removeFiles(_ search: SurvivorSearch) {
    if !search.cgroupBase.isEmpty {
      FolderRemoval.removeCgroups(search.cgroupBase)
      CgroupLeaf.remove(beside: search.cgroupBase)
    }
    if let directory = search.directory { RuntimeFiles.remove(directory: directory, paths) }
  }
}
