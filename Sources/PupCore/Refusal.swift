/// A start that does not happen.
package struct Refusal: Hashable, Sendable {
  /// Who or what wanted it.
  package var cause: Cause
  package var obstacle: Obstacle
  /// An operator's own decision keeps the process down, so the refusal is not a surprise.
  package var isExpected: Bool
  /// An operator's block is in force.
  package var isBlocked: Bool

  package var severity: Severity { isExpected ? .info : .warn }
  package var category: LogCategory { isBlocked ? .blocked : .refused }
  package var words: String { "not started (\(cause.words)): \(obstacle.words)" }
}
