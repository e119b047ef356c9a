/// The outcome of a command.
package struct CommandOutcome: Hashable, Sendable {
  package enum Ending: Hashable, Sendable {
    case exited(Int32)
    case signaled(Int32)
    case timedOut
    /// It was not started; the value is the errno.
    case failedToStart(Int32)
  }

  package var ending: Ending
  /// The last 64 KiB of standard output and standard error, interleaved.
  package var output: String

  package var isSuccess: Bool { ending == .exited(0) }
}
