/// Who a token speaks for.
package struct Principal: Hashable, Sendable {
  package var consumer: String
  package var scopes: Set<TokenScope>
  package var tokenID: String?
  /// Seconds since 1970; nil for a token without an end.
  package var expires: Int64?
  /// Which of the authorizer's secrets the token was made with; the first is 0.
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
