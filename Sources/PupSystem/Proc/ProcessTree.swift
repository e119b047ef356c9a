internal import Glibc

/// The processes of one run, and the operations on all of them. They are found in the run's cgroup, below its pup-init, or both;
/// if a run has neither (its pup-init was killed), in the session of its leader. Used by keeper, sweep and listings.
package struct ProcessTree: Hashable, Sendable {
  /// SIGKILL is repeated until a round finds nothing new, and at most this many times.
  private static let mostRounds = 50

  /// Pid 0 if it is unknown.
  package var leader: ProcessIdentity
  package var cgroup: CgroupFolder?
  package var initProcess: ProcessIdentity?

  package init(leader: ProcessIdentity, cgroup: CgroupFolder? = nil, initProcess: ProcessIdentity? = nil) {
    (self.leader, self.cgroup, self.initProcess) = (leader, cgroup, initProcess)
  }

  private var isSession: Bool { cgroup == nil && initProcess == nil }

  // MARK: - List

  /// All but the pup-init, unordered. Below a pup-init, that includes zombies.
  package func members() -> [Int32] {
    if isSession { return sessionMembers }
    return join(cgroup?.members() ?? [], membersBelowInit())
  }

  private func join(_ inside: [Int32], _ below: [Int32]) -> [Int32] {
    guard let initProcess, !inside.isEmpty else { return inside + below }
    let known = Set(inside)
    return inside.filter { $0 != initProcess.pid } + below.filter { !known.contains($0) }
  }

  private func membersBelowInit(atMost limit: Int = .max) -> [Int32] {
    guard let initProcess, initProcess.isThere else { return [] }
    return ProcFiles.descendants(of: initProcess.pid, atMost: limit)
  }

  /// A session's number is not reused for another process while the session has members; if another process has it, none are
  /// left.
  private var sessionMembers: [Int32] {
    guard leader.pid > 0 else { return [] }
    if let stat = ProcFiles.stat(of: leader.pid), stat.startTime != leader.startTime { return [] }
    return ProcFiles.members(ofSession: leader.pid)
  }

  /// Whether a process is one of its members now.
  package func contains(_ pid: Int32) -> Bool {
    if let initProcess, initProcess.pid == pid { return false }
    if let cgroup, cgroup.contains(pid) { return true }
    if let initProcess { return Self.isBelow(initProcess.pid, pid) }
    return isSession && ProcFiles.stat(of: pid)?.session == leader.pid
  }

  private static func isBelow(_ root: Int32, _ pid: Int32) -> Bool {
    var at = pid
    // A chain of parents may be endless while some of its processes end and others start.
    for _ in 0..<4096 {
      guard at > 1, let stat = ProcFiles.stat(of: at) else { return false }
      if stat.parent == root { return true }
      at = stat.parent
    }
    return false
  }

  // MARK: - Signal

  /// Signals every member, each through a pidfd that is checked after it has been opened.
  /// - Parameters:
  ///   - told: those that have already got the signal.
  ///   - sparesGroup: leaves out the leader's process group.
  package func signal(_ signal: Int32, but told: Set<Int32> = [], sparesGroup: Bool = false) {
    var done = told
    // A tree that forks while it is being killed is listed again.
    for _ in 0..<(signal == SIGKILL ? Self.mostRounds : 1) {
      let members = members().filter { !done.contains($0) }
      if members.isEmpty { return }
      done.formUnion(members)
      for pid in members where !(sparesGroup && getpgid(pid) == leader.pid) {
        CheckedSignal.send(signal, to: pid) { contains(pid) }
      }
    }
  }

  /// Ends every member by SIGKILL: those in the cgroup all at once, if the kernel can do that. A pup-init in the cgroup ends with
  /// them; any other ends by itself when no member is left.
  package func kill() {
    // What has left the cgroup is known as long as the pup-init is alive.
    if cgroup == nil || initProcess != nil { signal(SIGKILL) }
    if let cgroup, !cgroup.kill(), initProcess == nil { signal(SIGKILL) }
  }

  // MARK: - Measure

  private static let pageSize = Int64(sysconf(Int32(_SC_PAGESIZE)))
  private static let microsecondsPerTick = 1_000_000 / max(Int64(sysconf(Int32(_SC_CLK_TCK))), 1)
  /// A fork bomb's tree is not traversed completely.
  private static let mostMeasured = 4096

  /// Reads files of /proc and cgroupfs, some tens of microseconds per process, so not on a loop that others wait for. If a run
  /// has nothing but its session, only the leader is measured.
  package func usage() -> TreeUsage {
    let inside = cgroup?.members() ?? []
    let below = membersBelowInit(atMost: Self.mostMeasured)
    var usage = Self.sum(isSession || (inside.isEmpty && initProcess == nil) ? leaderAlone : join(inside, below))
    if !inside.isEmpty, let total = cgroup?.cpuMicroseconds {
      // The kernel includes what ended members have used in the cgroup's count.
      usage.cpuMicroseconds = total
    } else if let initProcess, let stat = ProcFiles.stat(of: initProcess.pid), stat.startTime == initProcess.startTime {
      // pup-init is not the program's, but it has reaped ended members and counts what they have used.
      usage.cpuMicroseconds += stat.ticks * Self.microsecondsPerTick
    }
    return usage
  }

  private var leaderAlone: [Int32] { leader.pid > 0 ? [leader.pid] : [] }

  private static func sum(_ pids: [Int32]) -> TreeUsage {
    var usage = TreeUsage()
    for pid in pids.prefix(mostMeasured) {
      guard let stat = ProcFiles.stat(of: pid), stat.state != UInt8(ascii: "Z") else { continue }
      usage.processes += 1
      usage.memory += stat.residentPages * pageSize
      usage.cpuMicroseconds += stat.ticks * microsecondsPerTick
    }
    return usage
  }
}
