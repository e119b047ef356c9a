/// How a run's leader ended.
package enum ExitStatus: Hashable, Sendable {
  case exited(code: Int32)
  case signaled(signal: Int32, dumpedCore: Bool)
  /// The program outlived the keeper that was its parent, and the kernel could not tell the status afterwards.
  case unknown
}
