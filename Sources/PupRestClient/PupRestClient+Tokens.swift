public import PupAPI

// These require a token with the scope `admin`.
extension PupRestClient {
  /// Creates a token. Not retried automatically once the server may have received it, because that could create two.
  /// - Parameters:
  ///   - consumer: the token's user, 1–128 bytes; named in revocations and the access log. Pup's own names (`cli`, `telemetry-…`,
  ///     `plugin:…`) are refused.
  ///   - scopes: `read`, `logs`, `log`, `control`, `control:<glob of process ids>`,
  ///     `telemetry`, `ipc`, `plugins`, `admin`; nil for a token with full access.
  ///   - expiresIn: rounded up to whole seconds, at least one; nil for a token that does not expire.
  /// - Returns: the token, which cannot be retrieved again, and the id for revoking it.
  /// - Throws: `invalidBody`, `forbidden`.
  public func createToken(
    consumer: String, scopes: [String]? = nil, expiresIn: Duration? = nil
  ) async throws(PupError) -> TokenCreated {
    let request = TokenRequest(consumer: consumer, scopes: scopes, expiresIn: expiresIn.map(Self.wholeSeconds))
    return try await read(Call(method: .post, path: "/tokens", body: request, isIdempotent: false)) { (data) throws(PupError) in
      try TokenCreated(json: data)
    }
  }

  /// Information about issued tokens, oldest first, without the tokens themselves. Expired ones are listed for a while.
  /// - Throws: `forbidden`.
  public func getTokens() async throws(PupError) -> [TokenInfo] {
    try await read(Call(path: "/tokens")) { (data) throws(PupError) in
      try Self.elements(data) { (json) throws(PupError) in try TokenInfo(json: json) }
    }
  }

  /// Revokes one token immediately, including on open streams.
  /// - Parameter id: the id from `createToken` or `getTokens` (`jti`); an unlisted id is revoked as well.
  /// - Throws: `forbidden`.
  public func revokeToken(id: String) async throws(PupError) { try await revoke(.id(id)) }

  /// Revokes all tokens of a consumer immediately, including on open streams.
  /// - Parameter consumer: compared after trimming, ignoring case.
  /// - Throws: `forbidden`.
  public func revokeTokens(consumer: String) async throws(PupError) { try await revoke(.consumer(consumer)) }

  /// Cancels the revocation of a consumer: its tokens are valid again, except those revoked by id.
  /// - Throws: `forbidden`.
  public func reinstate(consumer: String) async throws(PupError) {
    _ = try await data(Call(method: .post, path: "/tokens/reinstate", body: TokenRequest(consumer: consumer)))
  }

  /// Creates a new secret: all existing tokens become invalid, including those in the environments of running programs. This
  /// client continues with the token in the response. Not retried automatically once the server may have received it; if the
  /// response is lost, a token has to be created on the machine itself with `pup token`.
  /// - Throws: `forbidden`.
  @discardableResult
  public func rotateSecret() async throws(PupError) -> SecretRotated {
    let call = Call(method: .post, path: "/tokens/rotate-secret", isIdempotent: false)
    let rotated = try await read(call) { (data) throws(PupError) in try SecretRotated(json: data) }
    try refresh(token: rotated.token)
    return rotated
  }

  private func revoke(_ revocation: TokenRevocation) async throws(PupError) {
    _ = try await data(Call(method: .post, path: "/tokens/revoke", body: revocation))
  }

  /// Rounded up, at least one.
  static func wholeSeconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return max(seconds < .max && attoseconds > 0 ? seconds + 1 : seconds, 1)
  }
}
