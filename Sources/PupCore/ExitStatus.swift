/// How a run's leader ended.
package enum ExitStatus: Hashable, Sendable {
  case exited(code: Int32)
  case signaled(signal: Int32, dumpedCore: Bool)
  /// The program outlived its parent, the keeper, and the kernel could not provide the status afterwards.
  case unknown
}
