internal import Glibc
internal import PupSystem

extension Keeper {
  /// Whether the kernel killed the leader for want of memory: its own limit, one above it, or the whole machine's.
  func ranOutOfMemory(_ entry: Entry, _ exit: ExitRecord) -> Bool {
    guard exit.kind == .signaled, exit.value == SIGKILL, !entry.isKilled else { return false }
    // Without the memory controller there is no such file.
    return MemoryEvents(processTree(of: entry).cgroup?.read("memory.events") ?? []).hasKilled
  }
}
