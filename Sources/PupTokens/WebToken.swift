internal import PupAPI

/// A JSON Web Token (RFC 7519) as Pup uses it: HS512 only, payload
/// `{"data":{"consumer":…},"exp":<s>}` and optionally `scopes` and `jti`.
package struct WebToken: Sendable {
  package var consumer: String
  /// Nil for full access, as with the original's tokens.
  package var scopes: [TokenScope]?
  package var tokenID: String?
  /// Seconds since 1970.
  package var expires: Int64?

  package init(consumer: String, scopes: [TokenScope]? = nil, tokenID: String? = nil, expires: Int64?) {
    self.consumer = consumer
    self.scopes = scopes
    self.tokenID = tokenID
    self.expires = expires
  }

  package func signed(with secret: TokenSecret) -> String {
    var payload = JSONWriter()
    payload.object {
      $0.name("data")
      $0.object { $0.member("consumer", consumer) }
      $0.member("exp", ifPresent: expires)
      $0.member("jti", ifPresent: tokenID)
      $0.member("scopes", ifPresent: scopes.map { $0.map(\.text) })
    }
    let head = Base64.encodeURL(Array(#"{"alg":"HS512","typ":"JWT"}"#.utf8))
    let signedPart = "\(head).\(Base64.encodeURL(payload.bytes))"
    return "\(signedPart).\(Base64.encodeURL(secret.signature(of: signedPart)))"
  }

  /// Checks only the signature.
  init(text: Substring, secret: TokenSecret) throws(AuthenticationFailure) {
    guard text.utf8.count <= 4096 else { throw .invalid }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let signature = Base64.decodeURL(parts[2]),
      secret.isSignature(signature, of: text[..<parts[1].endIndex]), let head = Self.json(parts[0]),
      head["alg"]?.stringValue == "HS512", head["crit"] == nil, let payload = Self.json(parts[1])
    else { throw .invalid }
    expires = nil
    if let exp = payload["exp"] {
      guard let number = exp.doubleValue, number.magnitude < 1e15 else { throw .invalid }
      expires = Int64(number)
    }
    tokenID = payload["jti"]?.stringValue
    if let list = payload["scopes"] {
      guard let words = list.arrayValue else { throw .invalid }
      // A scope unknown to this version grants nothing.
      scopes = words.compactMap { $0.stringValue.flatMap(TokenScope.init(text:)) }
    }
    consumer = payload["data"]?["consumer"]?.stringValue ?? ""
  }

  private static func json(_ part: Substring) -> JSONValue? {
    Base64.decodeURL(part).flatMap { try? JSONValue(parsing: $0, limits: JSONLimits(bytes: 4096, depth: 8)) }
  }
}
