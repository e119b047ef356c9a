internal import Glibc

/// One line to standard error, from a process that is about to end or that must not wait: that descriptor may be the very disk
/// that hangs, a stopped terminal, or a pipe that nobody empties.
package enum LastWord {
  /// Returns after this time at the latest, whether or not the line has been written by then.
  /// - Returns: whether it is.
  @discardableResult
  package static func say(_ line: String, to descriptor: Int32 = 2, waiting milliseconds: Int32 = 250) -> Bool {
    guard let ends = try? PipeEnds(isBlocking: false) else { return false }
    let (bytes, isDone) = (Array("\(line)\n".utf8), ends.write)
    // A thread, because no call says whether a file can be written without waiting; if it waits, it ends with the process.
    let isStarted = HelperThread.run {
      let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      // If nobody waits any more, nobody needs to know.
      if written == bytes.count { _ = write(isDone.number, "x", 1) }
      isDone.close()
    }
    guard isStarted else { return false }
    var answer = pollfd(fd: ends.read.number, events: Int16(POLLIN), revents: 0)
    return poll(&answer, 1, milliseconds) == 1 && answer.revents & Int16(POLLIN) != 0
  }
}
