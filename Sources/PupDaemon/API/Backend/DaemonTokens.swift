internal import PupAPI
internal import PupSystem
internal import PupWeb

struct DaemonTokens: TokenBackend {
  let surface: ControlSurface

  func create(_ request: TokenRequest, answer: @escaping @Sendable (Result<TokenCreated, PupError>) -> Void) {
    surface.control.post { [surface] in surface.create(request, answer) }
  }

  func list(_ answer: @escaping @Sendable (Result<[TokenInfo], PupError>) -> Void) {
    surface.control.post { [surface] in surface.list(answer) }
  }

  func revoke(_ revocation: TokenRevocation, answer: @escaping @Sendable (PupError?) -> Void) {
    surface.control.post { [surface] in surface.revoke(revocation, answer) }
  }

  func reinstate(consumer: String, answer: @escaping @Sendable (PupError?) -> Void) {
    surface.control.post { [surface] in surface.reinstate(consumer, answer) }
  }

  func rotateSecret(by consumer: String, answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void) {
    surface.control.post { [surface] in surface.rotate(by: consumer, answer) }
  }
}
