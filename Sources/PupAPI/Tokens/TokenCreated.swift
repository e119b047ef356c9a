/// The answer to `POST /tokens`: the only time that the token itself is told.
public struct TokenCreated: Hashable, Sendable {
  /// What follows `Bearer`. A secret: `description` leaves it out.
  public var token: String
  /// By which it is revoked (`jti`).
  public var id: String
  /// Who will use it.
  public var consumer: String
  /// `admin` alone for a token that may do everything.
  public var scopes: [String]
  /// Nil for a token without an end.
  public var expires: ISODate?

  /// The answer.
  /// - Parameter expires: nil for a token without an end.
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
