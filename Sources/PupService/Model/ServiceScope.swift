/// Whom a service belongs to.
package enum ServiceScope: String, Sendable {
  /// A system service: started at boot, as root or another user.
  case system
  /// A user's own service.
  case user
}
