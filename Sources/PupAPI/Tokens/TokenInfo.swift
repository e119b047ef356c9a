/// An element of `GET /tokens`: an issued token. The token itself is not stored anywhere.
public struct TokenInfo: Hashable, Sendable {
  /// The id for revoking it (`jti`).
  public var id: String
  /// The user of the token.
  public var consumer: String
  /// Just `admin` for a token with full access.
  public var scopes: [String]
  /// When it was created.
  public var created: ISODate
  /// Nil for a token that does not expire.
  public var expires: ISODate?
  /// When it was revoked, by its id or with its consumer; nil if it was not.
  public var revoked: ISODate?
  /// Why it is refused for ever, also after a reinstatement: "made before the secret was changed". Nil for every other token.
  public var void: String?

  /// A token as listed.
  public init(
    id: String, consumer: String, scopes: [String], created: ISODate, expires: ISODate? = nil, revoked: ISODate? = nil,
    void: String? = nil
  ) {
    self.id = id
    self.consumer = consumer
    self.scopes = scopes
    self.created = created
    self.expires = expires
    self.revoked = revoked
    self.void = void
  }

  /// The value of `void` for a token that was signed with another secret.
  package static let ofAnotherSecret = "made before the secret was changed"
}

extension TokenInfo: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("consumer", consumer)
      $0.member("scopes", scopes)
      $0.member("created", created)
      $0.member("expires", ifPresent: expires)
      $0.member("revoked", ifPresent: revoked)
      $0.member("void", ifPresent: void)
    }
  }
}

extension TokenInfo: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    self.init(
      id: try fields.string("id"), consumer: try fields.string("consumer"), scopes: try fields.strings("scopes"),
      created: try fields.date("created"), expires: try fields.optionalDate("expires"),
      revoked: try fields.optionalDate("revoked"), void: try fields.optionalString("void"))
  }
}
