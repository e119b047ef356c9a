import CLinux
import Glibc

@testable import PupSystem

/// A shell that runs a script as the leader of a session of its own; nothing of it is left afterwards.
final class TestTree {
  let leader: ProcessIdentity
  private let pidfd: Int32
  private let output: Pipe

  /// Returns when the script has written a line.
  init(_ script: String) throws {
    output = try Pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.writeEnd, 1)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    // Other tests block signals on this thread.
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    // POSIX_SPAWN_SETSID is not imported.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
    var pid: pid_t = 0
    let code = CommandWords.withPointers(["sh", "-c", script]) {
      posix_spawn(&pid, "/bin/sh", &actions, &attributes, $0, environ)
    }
    guard code == 0 else { throw SystemError("posix_spawn", errno: code) }
    pidfd = try check(pup_pidfd_open(pid), "pidfd_open")
    leader = ProcessIdentity(pid: pid, startTime: ProcFiles.stat(of: pid)?.startTime ?? 0)
    _ = try readLine()
  }

  /// The next line of the script.
  func readLine() throws -> String {
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n") {
      var ready = pollfd(fd: output.readEnd, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 20_000) == 1 else { throw SystemError("waiting for a line", errno: ETIMEDOUT) }
      var byte: UInt8 = 0
      guard read(output.readEnd, &byte, 1) == 1 else { throw SystemError("read", errno: EIO) }
      line.append(byte)
    }
    return String(decoding: line.dropLast(), as: UTF8.self)
  }

  /// Waits for the end of these.
  static func awaitEnd(of pids: [Int32]) throws {
    for pid in pids {
      let pidfd = pup_pidfd_open(pid)
      guard pidfd >= 0 else { continue }
      defer { close(pidfd) }
      var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 20_000) == 1 else { throw SystemError("waiting for the end of \(pid)", errno: ETIMEDOUT) }
    }
  }

  deinit {
    ProcessTree(leader: leader, initProcess: leader).kill()
    ProcessTree(leader: leader).kill()
    _ = pup_pidfd_signal(pidfd, SIGKILL)
    var status = pup_child_status()
    var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    poll(&ready, 1, 20_000)
    _ = pup_wait_pidfd(pidfd, false, &status)
    close(pidfd)
  }
}
