package import PupAPI

/// The past transitions of processes.
package protocol HistoryBackend: Sendable {
  /// - Parameter answer: the last `count` transitions, oldest first; errors: `unknownProcess`, `unavailable`.
  func history(of id: String, count: Int, answer: @escaping @Sendable (Result<[HistoryEntry], PupError>) -> Void)
}
