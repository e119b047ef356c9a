internal import PupCore

/// A change that waits to be written. It can be tried again.
enum Write: Sendable {
  case transition(Transition)
  case event(StoredEvent)
  case desired([DesiredState], WallTime)
  case token(TokenRecord)
  case revokeToken(String, WallTime)
  case revokeConsumer(ConsumerRevocation)
  case reinstate(consumer: String)
  case setting(String, String?)
  case eventEnd(Int64)

  /// May be dropped if too much is pending: what it reports has happened anyway.
  var isDroppable: Bool {
    switch self {
    case .transition, .event: true
    case .desired, .token, .revokeToken, .revokeConsumer, .reinstate, .setting, .eventEnd: false
    }
  }

  /// Someone was told that it is so; a power failure must not undo it.
  var isDurable: Bool {
    switch self {
    case .desired, .token, .revokeToken, .revokeConsumer, .reinstate: true
    case .transition, .event, .setting, .eventEnd: false
    }
  }

  /// The caller can ask again; a write that succeeds later would surprise.
  var isTriedOnce: Bool {
    if case .token = self { true } else { false }
  }

  var isRevocation: Bool {
    switch self {
    case .revokeToken, .revokeConsumer: true
    case .transition, .event, .desired, .token, .reinstate, .setting, .eventEnd: false
    }
  }

  func apply(to database: Database, _ limits: StoreLimits) throws(StoreError) {
    switch self {
    case .transition(let transition): try database.insert(transition)
    case .event(let event): try database.insert(event)
    case .desired(let states, let time): try database.replaceDesired(states, at: time)
    case .token(let token): try database.insert(token, limit: limits.tokens)
    case .revokeToken(let id, let time): try database.revokeToken(id, at: time)
    case .revokeConsumer(let revocation): try database.revoke(revocation)
    case .reinstate(let consumer): try database.reinstate(consumer: consumer)
    case .setting(let key, let value): try database.set(key, value)
    case .eventEnd(let end): try database.set("event.end", String(end))
    }
  }
}
