/// The identity represented by a token.
package struct Principal: Hashable, Sendable {
  package var consumer: String
  package var scopes: Set<TokenScope>
  package var tokenID: String?
  /// Seconds since 1970; nil for a token that does not expire.
  package var expires: Int64?
  /// The number of the authorizer's secret with which the token was made; the first is 0.
  package var keyRevision: UInt64 = 0

  package init(consumer: String, scopes: Set<TokenScope> = [.admin], tokenID: String? = nil, expires: Int64? = nil) {
    self.consumer = consumer
    self.scopes = scopes
    self.tokenID = tokenID
    self.expires = expires
  }

  /// The process whose own token this is ("telemetry-<id>").
  package var programID: String? {
    consumer.hasPrefix("telemetry-") ? String(consumer.dropFirst("telemetry-".count)) : nil
  }
}
