internal import CLinux
internal import Glibc
internal import PupSystem

/// A scope of the user's service manager, in which an ordinary user may create cgroups. Requested over D-Bus with systemd's own
/// `busctl`.
enum UserScope {
  private static let patience: Int64 = 5_000_000_000

  /// Moves this process into a delegated scope; false if there is no user manager, or if it refuses.
  ///
  /// Only for users with lingering enabled: other users' managers end with their last session, and everything in their scopes
  /// with them, whereas a program left in the session's own scope continues (measured: systemd 252, `KillUserProcesses=no`).
  static func enter(name: String) -> Bool {
    guard geteuid() != 0, !RuntimeFiles.endsWithTheSession, let runtime = runtimeDirectory else { return false }
    let unit = unitName(name)
    let before = ProcFiles.read("/proc/self/cgroup")
    let words = [
      "busctl", "--address=unix:path=\(runtime)/bus", "--quiet", "call", "org.freedesktop.systemd1", "/org/freedesktop/systemd1",
      "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))", unit, "fail", "3", "PIDs", "au", "1",
      "\(getpid())", "Delegate", "b", "true", "CollectMode", "s", "inactive-or-failed", "0",
    ]
    let deadline = Clock.monotonic + patience
    guard run(words, until: deadline) else { return false }
    // The answer only says that a job was queued; the move itself shows in our own cgroup.
    while ProcFiles.read("/proc/self/cgroup") == before {
      guard Clock.monotonic < deadline else { return false }
      poll(nil, 0, 5)
    }
    return true
  }

  /// Whether this process has asked for the scope of this name.
  static func isOwn(_ unit: String) -> Bool { unit.hasPrefix("pup-") && unit.hasSuffix("-\(getpid()).scope") }

  private static func unitName(_ name: String) -> String { "pup-\(name)-\(getpid()).scope" }

  /// Also works without a login, when the variable is not set: a cron job.
  private static var runtimeDirectory: String? {
    let candidates = [getenv("XDG_RUNTIME_DIR").map { String(cString: $0) }, "/run/user/\(geteuid())"].compactMap { $0 }
    return candidates.first { access($0 + "/systemd/private", F_OK) == 0 && access($0 + "/bus", F_OK) == 0 }
  }

  private static func run(_ words: [String], until deadline: Int64) -> Bool {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0...2 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var pid: pid_t = 0
    let code = CommandWords.withPointers(words) { posix_spawnp(&pid, words[0], &actions, nil, $0, environ) }
    guard code == 0 else { return false }
    let pidfd = Descriptor(pup_pidfd_open(pid))
    var ended = pollfd(fd: pidfd.number, events: Int16(POLLIN), revents: 0)
    let patience = max(0, (deadline - Clock.monotonic) / 1_000_000)
    // A bus that does not answer must not keep programs from starting.
    if !pidfd.isOpen || poll(&ended, 1, Int32(truncatingIfNeeded: patience)) != 1 { kill(pid, SIGKILL) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status == 0
  }
}
