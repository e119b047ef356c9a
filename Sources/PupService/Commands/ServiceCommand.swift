internal import CLinux
internal import Glibc
internal import PupSystem

/// Runs a tool of the service manager, with limits on its time and output.
package enum ServiceCommand {
  private static let outputLimit = 64 * 1024

  package static func run(_ words: [String], seconds: Int) -> CommandOutcome {
    let pipe: PipeEnds
    do throws(SystemError) {
      // The tool's end blocks, as it expects; our own does not.
      pipe = try PipeEnds(isBlocking: true)
      try check(pup_set_nonblocking(pipe.read.number, true), "fcntl(O_NONBLOCK)")
    } catch {
      return CommandOutcome(ending: .failedToStart(error.errno), output: "")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipe.write.number, 1)
    posix_spawn_file_actions_adddup2(&actions, pipe.write.number, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Pup ignores SIGPIPE and SIGXFSZ, but tools expect the defaults.
    var reset = sigset_t()
    sigemptyset(&reset)
    sigaddset(&reset, SIGPIPE)
    sigaddset(&reset, SIGXFSZ)
    posix_spawnattr_setsigdefault(&attributes, &reset)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var pid: pid_t = 0
    let code = CommandWords.withPointers(words) { posix_spawnp(&pid, words[0], &actions, &attributes, $0, environ) }
    // Its copies are what keeps the pipe open.
    pipe.write.close()
    guard code == 0 else { return CommandOutcome(ending: .failedToStart(code), output: "") }
    return wait(for: pid, pipe.read, until: Clock.monotonic + Int64(seconds) * 1_000_000_000)
  }

  private static func wait(for pid: pid_t, _ output: Descriptor, until deadline: Int64) -> CommandOutcome {
    let pidfd = Descriptor(pup_pidfd_open(pid))
    var bytes: [UInt8] = []
    var hasEnded = false
    var timedOut = false
    while !hasEnded {
      let left = (deadline - Clock.monotonic) / 1_000_000
      if left <= 0 || !pidfd.isOpen {
        timedOut = true
        kill(pid, SIGKILL)
        break
      }
      var watched = [
        pollfd(fd: pidfd.number, events: Int16(POLLIN), revents: 0), pollfd(fd: output.number, events: Int16(POLLIN), revents: 0),
      ]
      poll(&watched, 2, Int32(clamping: left))
      hasEnded = watched[0].revents != 0
      // A child of the tool may keep the pipe open; only the tool's own
      // end counts. After the end of its output, only its exit is awaited.
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

  /// Returns false at the end of the stream.
  private static func drain(_ output: Descriptor, _ bytes: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(output.number, &chunk, chunk.count)
      guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
      bytes += chunk[0..<count]
      if bytes.count > 4 * outputLimit { bytes.removeFirst(bytes.count - outputLimit) }
    }
  }
}
