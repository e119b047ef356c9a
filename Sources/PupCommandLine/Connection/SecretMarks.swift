internal import PupTokens

/// Which tokens were signed with another secret than the present one, by the marks of their ids.
enum SecretMarks {
  /// Nil where there is no secret yet, or none any more.
  case of(TokenSecret?)
  /// The file cannot be used, which says nothing of the tokens: they are listed and revoked all the same.
  case unknown

  /// Reads the secret; looking makes none.
  init(path: String) {
    do throws(TokenSecretError) { self = .of(try TokenSecret.read(path: path)) } catch { self = .unknown }
  }

  func areForeign(_ id: String) -> Bool {
    guard case .of(let secret) = self else { return false }
    return TokenID.isVoid(id, with: secret)
  }
}
