public import PupAPI

// For tokens with the scope `admin`.
extension PupRestClient {
  /// Makes a token. Not repeated by itself once the server may have heard it: there would be two.
  /// - Parameters:
  ///   - consumer: who will use it, 1–128 bytes; revocations and the access log name it. Names of Pup's own (`cli`, `telemetry-…`,
  ///     `plugin:…`) are refused.
  ///   - scopes: `read`, `logs`, `log`, `control`, `control:<glob of process ids>`, `telemetry`, `ipc`, `plugins`, `admin`; nil for a
  ///     token that may do everything.
  ///   - expiresIn: whole seconds, upwards, at least one; nil for a token without an end.
  /// - Returns: the token, which cannot be had again, and the id by which it is revoked.
  /// - Throws: `invalidBody`, `forbidden`.
  public func createToken(
    consumer: String, scopes: [String]? = nil, expiresIn: Duration? = nil
  ) async throws(PupError) -> TokenCreated {
    let request = TokenRequest(consumer: consumer, scopes: scopes, expiresIn: expiresIn.map(Self.wholeSeconds))
    return try await read(Call(method: .post, path: "/tokens", body: request, isIdempotent: false)) { (data) throws(PupError) in
      try TokenCreated(json: data)
    }
  }

  /// The tokens that were issued, oldest first, without the tokens themselves. Expired ones stay for a while.
  /// - Throws: `forbidden`.
  public func getTokens() async throws(PupError) -> [TokenInfo] {
    try await read(Call(path: "/tokens")) { (data) throws(PupError) in
      try Self.elements(data) { (json) throws(PupError) in try TokenInfo(json: json) }
    }
  }

  /// Ends one token at once, on open streams too.
  /// - Parameter id: what `createToken` and `getTokens` call it (`jti`); one that is not listed is revoked as well.
  /// - Throws: `forbidden`.
  public func revokeToken(id: String) async throws(PupError) { try await revoke(.id(id)) }

  /// Ends every token of a consumer at once, on open streams too.
  /// - Parameter consumer: compared trimmed and without regard to case.
  /// - Throws: `forbidden`.
  public func revokeTokens(consumer: String) async throws(PupError) { try await revoke(.consumer(consumer)) }

  /// Takes the revocation of a consumer back: its tokens are good again, but for those that were revoked by their id.
  /// - Throws: `forbidden`.
  public func reinstate(consumer: String) async throws(PupError) {
    _ = try await data(Call(method: .post, path: "/tokens/reinstate", body: TokenRequest(consumer: consumer)))
  }

  /// Makes a new secret: every token made before is dead, also those in the environments of running programs.
  ///
  /// This client goes on with the token in the answer. Not repeated by itself once the server may have heard it; where the answer is
  /// lost, a token has to be made on the machine itself with `pup token`.
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

  /// Upwards, at least one.
  static func wholeSeconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return max(seconds < .max && attoseconds > 0 ? seconds + 1 : seconds, 1)
  }
}
