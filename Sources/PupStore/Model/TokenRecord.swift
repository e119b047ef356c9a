package import PupCore

/// A token that was issued; the token itself is not stored.
package struct TokenRecord: Hashable, Sendable {
  /// The token's `jti`.
  package var id: String
  package var consumer: String
  /// Empty for a token that may do everything.
  package var scopes: [String]
  package var created: WallTime
  /// Nil for one that does not expire.
  package var expires: WallTime?
  package var revoked: WallTime?

  package init(id: String, consumer: String, scopes: [String], created: WallTime, expires: WallTime?, revoked: WallTime? = nil) {
    self.id = id
    self.consumer = consumer
    self.scopes = scopes
    self.created = created
    self.expires = expires
    self.revoked = revoked
  }
}
