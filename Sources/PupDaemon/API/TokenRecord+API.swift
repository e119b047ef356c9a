internal import PupAPI
internal import PupCore
internal import PupStore
internal import PupTokens

extension TokenRecord {
  init(_ token: WebToken, created: WallTime) {
    self.init(
      id: token.tokenID ?? "", consumer: token.consumer, scopes: (token.scopes ?? []).map(\.text), created: created,
      expires: token.expires.map { WallTime(microseconds: $0 * 1_000_000) })
  }

  var shownScopes: [String] { scopes.isEmpty ? ["admin"] : scopes }
}

extension TokenInfo {
  init(_ record: TokenRecord) {
    self.init(
      id: record.id, consumer: record.consumer, scopes: record.shownScopes, created: ISODate(record.created),
      expires: record.expires.map { ISODate($0) }, revoked: record.revoked.map { ISODate($0) })
  }
}
