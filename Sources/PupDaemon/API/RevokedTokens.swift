/// What is revoked, and by whom.
struct RevokedTokens: Sendable {
  /// By hand.
  var consumers: Set<String> = []
  var tokenIDs: Set<String> = []
}
