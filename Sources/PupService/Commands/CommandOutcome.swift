/// What came of a command.
package struct CommandOutcome: Hashable, Sendable {
  package enum Ending: Hashable, Sendable {
    case exited(Int32)
    case signaled(Int32)
    case timedOut
    /// errno: it was never started.
    case failedToStart(Int32)
  }

  package var ending: Ending
  /// Standard output and error as they came, the last 64 KiB.
  package var output: String

  package var isSuccess: Bool { ending == .exited(0) }
}
