internal import PupAPI

@testable internal import PupTokens

/// What must hold of tokens whatever bytes come. For fuzzers and seeded tests.
package enum FuzzToken {
  private static let secret = TokenSecret(text: String(repeating: "s", count: 88))
  private static let authorizer = Authorizer(secret: secret, now: { 1_795_000_000 })

  /// - Parameter bytes: the first one chooses: an `Authorization` header as it is; or a token's head and payload, separated by a
  ///   line feed, which are signed here, since no fuzzer finds a signature.
  /// - Returns: what does not hold; empty where all is well.
  package static func check(_ bytes: [UInt8]) -> [String] {
    guard let choice = bytes.first else { return [] }
    let rest = bytes.dropFirst()
    return choice & 1 == 0 ? header(String(decoding: rest, as: UTF8.self)) : signed(rest, whole: choice & 2 == 0)
  }

  private static func header(_ text: String) -> [String] {
    var broken: [String] = []
    if let decoded = Base64.decodeURL(text[...]), Base64.encodeURL(decoded) != text { broken.append("two texts for one value") }
    do throws(AuthenticationFailure) {
      let principal = try authorizer.authenticate(header: text)
      broken += check(principal)
    } catch {
      if error.error.status != 401 { broken.append("a failure that is not 401") }
    }
    return broken
  }

  private static func signed(_ bytes: ArraySlice<UInt8>, whole: Bool) -> [String] {
    let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
    let head = whole && parts.count == 2 ? Array(parts[0]) : Array(#"{"alg":"HS512"}"#.utf8)
    let payload = whole && parts.count == 2 ? Array(parts[1]) : Array(bytes)
    let text = "\(Base64.encodeURL(head)).\(Base64.encodeURL(payload))"
    let token = "\(text).\(Base64.encodeURL(secret.signature(of: text)))"
    guard let principal = try? authorizer.authenticate(token: token) else { return [] }
    var broken = check(principal)
    // The same claims, written by Pup itself, are the same principal.
    let own = WebToken(
      consumer: principal.consumer, scopes: Array(principal.scopes), tokenID: principal.tokenID, expires: principal.expires
    ).signed(with: secret)
    if own.utf8.count <= 4096, (try? authorizer.authenticate(header: "Bearer \(own)")) != principal {
      broken.append("a token changes when written")
    }
    // One bit of the signed part makes it another's.
    var forged = Array(token.utf8)
    let place = Int(bytes.last ?? 0) % text.utf8.count
    forged[place] ^= 1
    if (try? authorizer.authenticate(token: String(decoding: forged, as: UTF8.self))) != nil {
      broken.append("a forged token is good")
    }
    return broken
  }

  private static func check(_ principal: Principal) -> [String] {
    var broken: [String] = []
    if principal.consumer.allSatisfy(\.isWhitespace) { broken.append("nobody is somebody") }
    if authorizer.isExpired(principal) { broken.append("an expired token is good") }
    let isAdmin = principal.scopes.contains(.admin)
    if isAdmin != Authorizer.allows(principal.scopes, .admin, .instance) { broken.append("admin without the scope") }
    if !isAdmin, Authorizer.allows(principal.scopes, .control, .allProcesses),
      Authorizer.allows(principal.scopes, .control, .process("x")) == false
    {
      broken.append("all processes, but not each")
    }
    return broken
  }
}
