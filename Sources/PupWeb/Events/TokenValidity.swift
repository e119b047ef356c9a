internal import PupTokens

/// Until when a stream may go on: with the token that opened it, and with newer ones of the same consumer.
struct TokenValidity {
  enum End: String {
    case expired
    case revoked
  }

  /// Whose token opened the stream, and with what scopes: newer tokens never widen them.
  private let opener: Principal
  /// Who prolonged it last, with a later end.
  private var extender: Principal?

  init(_ opener: Principal) { self.opener = opener }

  var consumer: String { opener.consumer }

  private var newest: Principal { extender ?? opener }

  mutating func extend(by fresh: Principal) {
    guard fresh.consumer == consumer, let end = newest.expires, fresh.expires.map({ $0 > end }) ?? true else { return }
    extender = fresh
  }

  /// Why the stream has to end; nil while it may go on. Each of its tokens ends it by being revoked.
  func end(_ authorizer: Authorizer) -> End? {
    if authorizer.isRevoked(opener) || extender.map(authorizer.isRevoked) == true { return .revoked }
    return authorizer.isExpired(newest) ? .expired : nil
  }
}

/// What goes on for as long as a token is good. Belongs to the loop's thread.
protocol TokenBound: AnyObject {
  var validity: TokenValidity { get }
  /// Never beyond the end of `fresh`, and only where it allows what is shown already.
  func extend(by fresh: Principal)
}
