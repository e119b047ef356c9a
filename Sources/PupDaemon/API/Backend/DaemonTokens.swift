internal import PupAPI
internal import PupSystem
internal import PupWeb

struct DaemonTokens: TokenBackend {
  let daemon: Daemon

  func create(_ request: TokenRequest, answer: @escaping @Sendable (Result<TokenCreated, PupError>) -> Void) {
    atDesk({ $0.create(request, answer) }, otherwise: { answer(.failure($0)) })
  }

  func list(_ answer: @escaping @Sendable (Result<[TokenInfo], PupError>) -> Void) {
    atDesk({ $0.list(answer) }, otherwise: { answer(.failure($0)) })
  }

  func revoke(_ revocation: TokenRevocation, answer: @escaping @Sendable (PupError?) -> Void) {
    atDesk({ $0.revoke(revocation, answer) }, otherwise: { answer($0) })
  }

  func reinstate(consumer: String, answer: @escaping @Sendable (PupError?) -> Void) {
    atDesk({ $0.reinstate(consumer, answer) }, otherwise: { answer($0) })
  }

  func rotateSecret(by consumer: String, answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void) {
    atDesk({ $0.rotate(by: consumer, answer) }, otherwise: { answer(.failure($0)) })
  }

  /// A request may arrive while the interface is being closed.
  private func atDesk(
    _ body: @escaping @Sendable (TokenDesk) -> Void, otherwise refuse: @escaping @Sendable (PupError) -> Void
  ) {
    daemon.ask { brain in
      guard let surface = brain.interface.surface else { return refuse(PupError(.unavailable, "Pup is ending")) }
      body(surface.tokens)
    }
  }
}
