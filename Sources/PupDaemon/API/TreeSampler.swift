internal import Glibc
internal import PupSystem

/// Measures trees. Reads files of /proc and cgroupfs, some tens of microseconds for each process: not on a loop that others wait for.
enum TreeSampler {
  private static let pageSize = Int64(sysconf(Int32(_SC_PAGESIZE)))
  private static let microsecondsPerTick = 1_000_000 / max(Int64(sysconf(Int32(_SC_CLK_TCK))), 1)
  /// A fork bomb's tree is not walked to its end.
  private static let mostProcesses = 4096

  static func measure(_ target: TreeTarget) -> TreeUsage {
    if !target.cgroup.isEmpty, let text = ProcFiles.read(target.cgroup + "/cgroup.procs") {
      var usage = sum(ProcFiles.numbers(text))
      // The kernel counts for the cgroup what ended members have used.
      if let total = cgroupTime(target.cgroup) { usage.cpuMicroseconds = total }
      return usage
    }
    guard target.initPid > 0 else { return sum(target.pid > 0 ? [target.pid] : []) }
    var pids = [target.initPid]
    var next = 0
    while next < pids.count, pids.count < mostProcesses {
      pids += ProcFiles.children(of: pids[next]) ?? []
      next += 1
    }
    var usage = sum(pids)
    // pup-init is not the program's.
    usage.processes = max(usage.processes - 1, 0)
    return usage
  }

  private static func sum(_ pids: [Int32]) -> TreeUsage {
    var usage = TreeUsage()
    for pid in pids.prefix(mostProcesses) {
      guard let stat = ProcFiles.stat(of: pid), stat.state != UInt8(ascii: "Z") else { continue }
      usage.processes += 1
      usage.memory += stat.residentPages * pageSize
      usage.cpuMicroseconds += stat.ticks * microsecondsPerTick
    }
    return usage
  }

  private static func cgroupTime(_ cgroup: String) -> Int64? {
    guard let text = ProcFiles.read(cgroup + "/cpu.stat") else { return nil }
    let line = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "usage_usec ".utf8) }
    return line.flatMap { Int64(String(decoding: $0.dropFirst(11), as: UTF8.self)) }
  }
}
