/// The answer to `POST /tokens/rotate-secret`: every token made before is dead, the caller's too, and this is its next one.
public struct SecretRotated: Hashable, Sendable {
  /// What follows `Bearer`; may do everything. A secret: `description` leaves it out.
  public var token: String

  /// The answer.
  /// - Parameter token: what follows `Bearer`.
  public init(token: String) { self.token = token }
}

extension SecretRotated: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Without the token.
  public var description: String { "a fresh token" }
  /// Without the token.
  public var debugDescription: String { description }
  /// Without the token.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension SecretRotated: JSONEncodable {
  public func write(to writer: inout JSONWriter) { writer.object { $0.member("token", token) } }
}

extension SecretRotated: JSONDecodable {
  public init(json: JSONValue) throws(PupError) { self.init(token: try JSONFields(json).string("token")) }
}
