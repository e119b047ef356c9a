internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport

/// Starts one of Pup's programs as another of them does: with descriptors at given numbers.
enum Launch {
  /// In a session of its own; standard streams are /dev/null, and standard error `error`.
  /// - Parameter given: descriptors by the numbers that they get there.
  static func start(_ path: String, _ words: [String], _ given: [(number: Int32, descriptor: Int32)], error: String = "/dev/null")
    throws
    -> Int32
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0...1 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    posix_spawn_file_actions_addopen(&actions, 2, error, O_RDWR | O_CREAT | O_APPEND, 0o600)
    var copies: [Int32] = []
    defer { for copy in copies { close(copy) } }
    for item in given {
      // Out of the way of the targets; a copy made by dup2 is not close-on-exec.
      let copy = pup_duplicate(item.descriptor, 200)
      copies.append(copy)
      posix_spawn_file_actions_adddup2(&actions, copy, item.number)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(0x80))
    var pid: pid_t = 0
    let code = CommandWords.withPointers(words) { posix_spawn(&pid, path, &actions, &attributes, $0, environ) }
    guard code == 0 else { throw Failure("posix_spawn \(path): \(String(cString: pup_error_text(code)))") }
    return pid
  }

  /// How it ended; if it does not, it is killed.
  static func reap(_ pidfd: Int32, seconds: Double) -> Child.Ending? {
    var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    if poll(&ready, 1, Deadline(seconds: seconds).milliseconds) != 1 {
      _ = pup_pidfd_signal(pidfd, SIGKILL)
      poll(&ready, 1, 20_000)
    }
    var status = pup_child_status()
    guard pup_wait_pidfd(pidfd, false, &status) > 0 else { return nil }
    return status.code == CLD_EXITED ? .exited(status.status) : .signaled(status.status)
  }
}
