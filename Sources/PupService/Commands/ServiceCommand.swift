internal import CLinux
internal import Glibc
internal import PupSystem

/// Runs a tool of the service manager, with a bound on its time and its output.
package enum ServiceCommand {
  private static let outputLimit = 64 * 1024

  package static func run(_ words: [String], seconds: Int) -> CommandOutcome {
    var (readEnd, writeEnd): (Int32, Int32) = (-1, -1)
    let made = pup_pipe(&readEnd, &writeEnd, false)
    guard made >= 0 else { return CommandOutcome(ending: .failedToStart(-made), output: "") }
    defer { close(readEnd) }
    _ = pup_set_nonblocking(readEnd, true)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, writeEnd, 1)
    posix_spawn_file_actions_adddup2(&actions, writeEnd, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Pup ignores SIGPIPE; tools expect it.
    var reset = sigset_t()
    sigemptyset(&reset)
    sigaddset(&reset, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &reset)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var pid: pid_t = 0
    let code = CommandWords.withPointers(words) { posix_spawnp(&pid, words[0], &actions, &attributes, $0, environ) }
    close(writeEnd)
    guard code == 0 else { return CommandOutcome(ending: .failedToStart(code), output: "") }
    return wait(for: pid, readEnd, until: Clock.monotonic + Int64(seconds) * 1_000_000_000)
  }

  private static func wait(for pid: pid_t, _ output: Int32, until deadline: Int64) -> CommandOutcome {
    let pidfd = pup_pidfd_open(pid)
    defer { if pidfd >= 0 { close(pidfd) } }
    var bytes: [UInt8] = []
    var hasEnded = false
    var timedOut = false
    while !hasEnded {
      let left = (deadline - Clock.monotonic) / 1_000_000
      if left <= 0 || pidfd < 0 {
        timedOut = true
        kill(pid, SIGKILL)
        break
      }
      var watched = [
        pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0), pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      ]
      poll(&watched, 2, Int32(clamping: left))
      hasEnded = watched[0].revents != 0
      // A child of the tool may keep the pipe open; the tool's own end counts. Nobody writes any more: only the end is awaited.
      if !drain(output, &bytes), !hasEnded { poll(&watched, 1, Int32(clamping: left)) }
    }
    _ = drain(output, &bytes)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let text = String(decoding: bytes.suffix(outputLimit), as: UTF8.self)
    if timedOut { return CommandOutcome(ending: .timedOut, output: text) }
    let signal = status & 0x7F
    return CommandOutcome(ending: signal == 0 ? .exited(status >> 8 & 0xFF) : .signaled(signal), output: text)
  }

  /// False at the end of the stream.
  private static func drain(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
      bytes += chunk[0..<count]
      if bytes.count > 4 * outputLimit { bytes.removeFirst(bytes.count - outputLimit) }
    }
  }
}
