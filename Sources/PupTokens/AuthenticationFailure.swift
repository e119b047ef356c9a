package import PupAPI

/// Why a request could not be authenticated. The texts are part of the interface.
package enum AuthenticationFailure: String, Error, Hashable, Sendable, CaseIterable {
  case missing = "Authorization header required"
  case format = "Invalid authorization format"
  case invalid = "Invalid token"
  case expired = "Invalid/expired token"
  case noConsumer = "Token missing consumer"
  case revoked = "Revoked token"

  package var error: PupError { PupError(.unauthorized, rawValue) }
}
