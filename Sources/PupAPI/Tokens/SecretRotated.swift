/// The response to `POST /tokens/rotate-secret`: all existing tokens
/// are now invalid, including the caller's, and this is its new one.
public struct SecretRotated: Hashable, Sendable {
  /// The text after `Bearer`; has full access. A secret, so `description` omits it.
  public var token: String

  /// The response.
  /// - Parameter token: the text after `Bearer`.
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
