package import PupCore

extension Store {
  /// Lists a token that was issued. Hand the token out only after `saved`: there is only one attempt.
  package func add(_ token: TokenRecord, then: @escaping @Sendable (StoreOutcome) -> Void) { write(.token(token), then: then) }

  /// Revokes a token by its `jti`, even one that is not listed. The caller itself puts the revocation into effect, at once.
  package func revokeToken(_ id: String, at time: WallTime, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.revokeToken(id, time), then: then)
  }

  package func revoke(_ revocation: ConsumerRevocation, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.revokeConsumer(revocation), then: then)
  }

  /// Undoes the revocation of a consumer.
  package func reinstate(consumer: String, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.reinstate(consumer: consumer), then: then)
  }

  /// Oldest first; expired ones stay listed for a while.
  package func tokens(then: @escaping @Sendable (Result<[TokenRecord], StoreError>) -> Void) {
    ask({ (database) throws(StoreError) in try database.tokens() }, then: then)
  }

  /// Blocking: only for use before the loops run.
  package func loadTokens() throws(StoreError) -> [TokenRecord] {
    try waitFor { (worker) throws(StoreError) in try worker.ask { (database) throws(StoreError) in try database.tokens() } }
  }

  /// Blocking: only for use before the loops run.
  package func loadRevokedConsumers() throws(StoreError) -> [ConsumerRevocation] {
    try waitFor { (worker) throws(StoreError) in
      try worker.ask { (database) throws(StoreError) in try database.revokedConsumers() }
    }
  }
}
