internal import CLinux
internal import Glibc
internal import PupSystem

extension Keeper {
  /// Whether the kernel killed the leader for want of memory: its own limit, one above it, or the whole machine's.
  func ranOutOfMemory(_ entry: Entry, _ exit: ExitRecord) -> Bool {
    guard exit.kind == .signaled, exit.value == SIGKILL, !entry.isKilled,
      case .cgroup(_, let directory, _) = entry.tree
    else { return false }
    let events = pup_openat(directory, "memory.events", O_RDONLY, 0)
    // Without the memory controller there is no such file.
    guard events >= 0 else { return false }
    defer { close(events) }
    return MemoryEvents(ProcFiles.readAll(events) ?? []).hasKilled
  }
}
