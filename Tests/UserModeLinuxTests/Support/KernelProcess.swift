internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport

/// A running User-Mode-Linux: its main process and the ones behind the processes inside it, all in one session.
struct KernelProcess: Sendable {
  private let pid: Int32
  private let pidfd: Int32

  enum Ending: Equatable {
    case exited(Int32)
    case signaled(Int32)
    case killedAfterLimit
  }

  /// - Parameters:
  ///   - console: a file that takes everything that the kernel and its first process write.
  ///   - environment: nothing else is inherited.
  init(_ arguments: [String], environment: [String], console: String) throws {
    let output = pup_open(console, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    guard output >= 0 else { throw Failure("open \(console): \(String(cString: pup_error_text(-output)))") }
    defer { close(output) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // A session of its own (0x80): a kernel that panics sends SIGTERM to its whole process group.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
    // Without a core file: a panic ends in abort().
    let words = ["/bin/sh", "-c", "ulimit -c 0; exec \"$0\" \"$@\"", UserModeLinux.path] + arguments
    var pid: pid_t = 0
    let code = CommandWords.withPointers(words) { words in
      CommandWords.withPointers(environment) { posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, $0) }
    }
    guard code == 0 else { throw Failure("posix_spawn \(UserModeLinux.path): \(String(cString: pup_error_text(code)))") }
    self.pid = pid
    pidfd = pup_pidfd_open(pid)
  }

  /// Waits for the end, or makes it. Nothing of it is alive afterwards. To be called once.
  func end(within seconds: Double) throws -> Ending {
    defer { close(pidfd) }
    let deadline = pup_clock_now(PUP_CLOCK_MONOTONIC) + Int64(seconds * 1e9)
    var status = pup_child_status()
    var isOver = false
    while !isOver {
      let left = deadline - pup_clock_now(PUP_CLOCK_MONOTONIC)
      guard left > 0 else { break }
      var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
      poll(&ready, 1, Int32(clamping: left / 1_000_000 + 1))
      isOver = pup_wait_pidfd(pidfd, true, &status) > 0
    }
    // Still a zombie, so the number of the group is nobody else's.
    kill(-pid, SIGKILL)
    var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    poll(&ready, 1, 5000)
    let survivors = awaitEmptySession()
    guard pup_wait_pidfd(pidfd, false, &status) > 0 else { throw Failure("\(UserModeLinux.path) (pid \(pid)) does not die") }
    guard survivors.isEmpty else { throw Failure("processes of \(UserModeLinux.path) are left: \(survivors)") }
    guard isOver else { return .killedAfterLimit }
    return status.code == CLD_EXITED ? .exited(status.status) : .signaled(status.status)
  }

  /// Those that have not gone after 5 s.
  private func awaitEmptySession() -> [Int32] {
    var survivors = ProcFiles.members(ofSession: pid)
    for _ in 0..<500 where !survivors.isEmpty {
      poll(nil, 0, 10)
      survivors = ProcFiles.members(ofSession: pid)
    }
    return survivors
  }
}
