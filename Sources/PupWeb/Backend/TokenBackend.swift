package import PupAPI

/// The tokens that were issued. Identifying and authorizing callers is up to the authorizer.
package protocol TokenBackend: Sendable {
  /// Oldest first.
  func list(_ answer: @escaping @Sendable (Result<[TokenInfo], PupError>) -> Void)
  /// - Parameter answer: errors: `refused` for a revoked consumer, `unavailable` where nothing can be remembered.
  func create(_ request: TokenRequest, answer: @escaping @Sendable (Result<TokenCreated, PupError>) -> Void)
  /// Acts at once, on open streams too.
  func revoke(_ revocation: TokenRevocation, answer: @escaping @Sendable (PupError?) -> Void)
  /// Takes the revocation of a consumer back: its tokens are good again.
  func reinstate(consumer: String, answer: @escaping @Sendable (PupError?) -> Void)
  /// Every token made before is dead; the answer carries a new one for `consumer`.
  func rotateSecret(by consumer: String, answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void)
}
