/// What is lost with a store that was closed, because it could not be written at the end.
package struct StoreLeftovers: Hashable, Sendable {
  /// What operators have stopped or blocked.
  package var hasDecisions = false
  /// Tokens that would be valid again.
  package var hasRevocations = false

  package init(hasDecisions: Bool = false, hasRevocations: Bool = false) {
    self.hasDecisions = hasDecisions
    self.hasRevocations = hasRevocations
  }
}
