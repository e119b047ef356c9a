internal import CLinux
internal import Glibc
internal import PupTestSupport

/// A process that a test started itself.
final class Child {
  let pid: Int32
  private let pidfd: Int32
  private var status: Ending?

  enum Ending: Equatable {
    case exited(Int32)
    case signaled(Int32)
  }

  /// - Parameters:
  ///   - output, error: descriptors; they stay open here. Not used with a terminal.
  init(
    _ words: [String], environment: [String: String], directory: String, output: Int32, error: Int32, terminal: String? = nil
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a session opens is its terminal.
    posix_spawn_file_actions_addopen(&actions, 0, terminal ?? "/dev/null", O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, terminal == nil ? output : 0, 1)
    posix_spawn_file_actions_adddup2(&actions, terminal == nil ? error : 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // In a session of its own: what is typed at the test's terminal is not meant for it.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
    // The spawn action that changes the folder is not importable.
    var arguments = (["env", "-C", directory] + words).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var pid: pid_t = 0
    let code = posix_spawnp(&pid, "env", &actions, &attributes, &arguments, &variables)
    guard code == 0 else { throw Failure("posix_spawn \(words[0]): \(String(cString: pup_error_text(code)))") }
    self.pid = pid
    pidfd = pup_pidfd_open(pid)
  }

  deinit { close(pidfd) }

  /// Nil while it is running.
  var ending: Ending? {
    if status == nil {
      var info = pup_child_status()
      guard pup_wait_pidfd(pidfd, false, &info) > 0 else { return nil }
      status = info.code == CLD_EXITED ? .exited(info.status) : .signaled(info.status)
    }
    return status
  }

  func signal(_ number: Int32) { _ = pup_pidfd_signal(pidfd, number) }

  /// Waits until a signal has stopped it. False if it has ended, or has not stopped in time.
  func isStopped(seconds: Double) -> Bool {
    let deadline = Deadline(seconds: seconds)
    var info = siginfo_t()
    repeat {
      guard waitid(P_PIDFD, id_t(pidfd), &info, WSTOPPED | WNOHANG) == 0 else { return false }
      if info.si_code == CLD_STOPPED { return true }
      usleep(5_000)
    } while ending == nil && !deadline.hasPassed
    return false
  }

  /// Nil if it is still running after this time.
  func wait(seconds: Double) -> Ending? {
    var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    poll(&ready, 1, Deadline(seconds: seconds).milliseconds)
    return ending
  }
}
