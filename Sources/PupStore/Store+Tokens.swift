package import PupCore

extension Store {
  /// Lists a token that was issued. Hand it out after `saved` only: it is tried once.
  package func add(_ token: TokenRecord, then: @escaping @Sendable (StoreOutcome) -> Void) { write(.token(token), then: then) }

  /// Revokes a token by its `jti`, also one that is not listed. The caller acts on the revocation itself, at once.
  package func revokeToken(_ id: String, at time: WallTime, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.revokeToken(id, time), then: then)
  }

  package func revoke(_ revocation: ConsumerRevocation, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.revokeConsumer(revocation), then: then)
  }

  /// Takes the revocation of a consumer back.
  package func reinstate(consumer: String, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.reinstate(consumer: consumer), then: then)
  }

  /// Oldest first; expired ones for a while.
  package func tokens(then: @escaping @Sendable (Result<[TokenRecord], StoreError>) -> Void) {
    ask({ (database) throws(StoreError) in try database.tokens() }, then: then)
  }

  /// Waits: for the time before the loops run.
  package func loadTokens() throws(StoreError) -> [TokenRecord] {
    try waitFor { (worker) throws(StoreError) in try worker.ask { (database) throws(StoreError) in try database.tokens() } }
  }

  /// Waits: for the time before the loops run.
  package func loadRevokedConsumers() throws(StoreError) -> [ConsumerRevocation] {
    try waitFor { (worker) throws(StoreError) in
      try worker.ask { (database) throws(StoreError) in try database.revokedConsumers() }
    }
  }
}
