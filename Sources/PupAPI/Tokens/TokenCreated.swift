/// The response to `POST /tokens`, the only one that contains the token itself.
public struct TokenCreated: Hashable, Sendable {
  /// The text after `Bearer`. A secret, so `description` omits it.
  public var token: String
  /// The id for revoking it (`jti`).
  public var id: String
  /// The user of the token.
  public var consumer: String
  /// Just `admin` for a token with full access.
  public var scopes: [String]
  /// Nil for a token that does not expire.
  public var expires: ISODate?

  /// The response.
  public init(token: String, id: String, consumer: String, scopes: [String], expires: ISODate? = nil) {
    self.token = token
    self.id = id
    self.consumer = consumer
    self.scopes = scopes
    self.expires = expires
  }
}

extension TokenCreated: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Without the token.
  public var description: String { "token \(id) of \(consumer)" }
  /// Without the token.
  public var debugDescription: String { description }
  /// Without the token.
  public var customMirror: Mirror { Mirror(self, children: ["id": id, "consumer": consumer]) }
}

extension TokenCreated: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("token", token)
      $0.member("id", id)
      $0.member("consumer", consumer)
      $0.member("scopes", scopes)
      $0.member("expires", ifPresent: expires)
    }
  }
}

extension TokenCreated: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    self.init(
      token: try fields.string("token"), id: try fields.string("id"), consumer: try fields.string("consumer"),
      scopes: try fields.strings("scopes"), expires: try fields.optionalDate("expires"))
  }
}
