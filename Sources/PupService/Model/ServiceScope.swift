/// Whose service it is.
package enum ServiceScope: String, Sendable {
  /// The machine's: started at boot, by root or as another user.
  case system
  /// One user's own.
  case user
}
