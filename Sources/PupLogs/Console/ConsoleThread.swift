internal import CLinux
internal import Glibc
internal import PupSystem

/// The thread that writes to the console; it may hang in `write` indefinitely, even beyond `finish`.
final class ConsoleThread: @unchecked Sendable {
  private let queue: ConsoleQueue
  private let output: Int32
  private let error: Int32
  /// Descriptors that nobody reads any more.
  private var isOutputGone = false
  private var isErrorGone = false

  init(queue: ConsoleQueue, output: Int32, error: Int32) {
    self.queue = queue
    self.output = output
    self.error = error
  }

  func start() throws(SystemError) {
    guard HelperThread.run({ self.run() }) else { throw SystemError("pthread_create", errno: EAGAIN) }
  }

  private func run() {
    _ = pup_set_name("console")
    while let chunks = queue.next() {
      for chunk in chunks { show(chunk) }
    }
  }

  private func show(_ chunk: ConsoleQueue.Chunk) {
    guard !(chunk.isError ? isErrorGone : isOutputGone) else { return }
    let descriptor = chunk.isError ? error : output
    let code = chunk.bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let outcome = LogFile.write(rest, to: descriptor)
        guard outcome.errno == EAGAIN else { return outcome.errno }
        // Another process has made the shared terminal non-blocking.
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        Glibc.poll(&poll, 1, 1000)
        rest = UnsafeRawBufferPointer(rebasing: rest[outcome.written...])
      }
      return 0
    }
    // A file may be full or at its size limit, and have room again later.
    guard code != 0, code != ENOSPC, code != EFBIG else { return }
    if chunk.isError { isErrorGone = true } else { isOutputGone = true }
  }
}
