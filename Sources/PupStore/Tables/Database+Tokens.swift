internal import PupCore

extension Database {
  func insert(_ token: TokenRecord, limit: Int) throws(StoreError) {
    let count =
      try integer(
        "SELECT count(*) FROM token WHERE revoked IS NULL AND (expires IS NULL OR expires > ?)",
        [.integer(token.created.microseconds)], stage: "count tokens") ?? 0
    guard count < limit else { throw .tooManyTokens(limit: limit) }
    try restore(token)
  }

  func restore(_ token: TokenRecord) throws(StoreError) {
    try run(
      "INSERT OR REPLACE INTO token (id, consumer, scopes, created, expires, revoked) VALUES (?, ?, ?, ?, ?, ?)",
      [
        .text(token.id), .text(token.consumer), .text(token.scopes.joined(separator: " ")),
        .integer(token.created.microseconds), .integer(token.expires?.microseconds), .integer(token.revoked?.microseconds),
      ], stage: "store a token")
  }

  /// A token that is not listed (it was issued elsewhere with the same secret) is listed as revoked from now on.
  func revokeToken(_ id: String, at time: WallTime) throws(StoreError) {
    try run(
      """
      INSERT INTO token (id, consumer, scopes, created, expires, revoked) VALUES (?1, '', '', ?2, NULL, ?2)
        ON CONFLICT (id) DO UPDATE SET revoked = coalesce(revoked, ?2)
      """, [.text(id), .integer(time.microseconds)], stage: "revoke a token")
  }

  func revoke(_ revocation: ConsumerRevocation) throws(StoreError) {
    try run(
      "INSERT OR REPLACE INTO revoked_consumer (consumer, time) VALUES (?, ?)",
      [.text(revocation.consumer), .integer(revocation.time.microseconds)], stage: "revoke a consumer")
  }

  func reinstate(consumer: String) throws(StoreError) {
    try run(
      "DELETE FROM revoked_consumer WHERE consumer = ?", [.text(ConsumerRevocation.folded(consumer))],
      stage: "reinstate a consumer")
  }

  /// Oldest first.
  func tokens() throws(StoreError) -> [TokenRecord] {
    var tokens: [TokenRecord] = []
    try rows(
      "SELECT id, consumer, scopes, created, expires, revoked FROM token ORDER BY created, id", stage: "read the tokens"
    ) { row in
      guard let id = row.text(0), let created = row.integer(3) else { return }
      tokens.append(
        TokenRecord(
          id: id, consumer: row.text(1) ?? "", scopes: (row.text(2) ?? "").split(separator: " ").map(String.init),
          created: WallTime(microseconds: created), expires: row.integer(4).map { WallTime(microseconds: $0) },
          revoked: row.integer(5).map { WallTime(microseconds: $0) }))
    }
    return tokens
  }

  func revokedConsumers() throws(StoreError) -> [ConsumerRevocation] {
    var revocations: [ConsumerRevocation] = []
    try rows("SELECT consumer, time FROM revoked_consumer ORDER BY consumer", stage: "read the revocations") { row in
      guard let consumer = row.text(0), let time = row.integer(1) else { return }
      revocations.append(ConsumerRevocation(consumer: consumer, time: WallTime(microseconds: time)))
    }
    return revocations
  }

  /// Deletes what can no longer be used.
  func trimTokens(expiredBefore time: WallTime) throws(StoreError) {
    try run("DELETE FROM token WHERE expires < ?", [.integer(time.microseconds)], stage: "trim the tokens")
  }
}
