/// What a token in the list is worth.
enum TokenState: String {
  case good
  /// Its time is over, and it is accepted for a while longer.
  case ending
  case expired
  case revoked
  /// Made before the secret was changed.
  case void

  var colour: Int {
    switch self {
    case .good: 32
    case .ending: 33
    case .expired, .revoked, .void: 31
    }
  }
}
