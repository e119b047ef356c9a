internal import PupAPI
internal import PupTokens

/// The only way to an operation, for every channel: a caller that is allowed an operation over HTTP is allowed it over any other
/// channel, and nobody else is.
struct OperationGate: Sendable {
  let authorizer: Authorizer

  /// Checks the caller's permission and the parameters. The body may still be on its way.
  func admit(_ call: any Call, to operation: Operation) throws(PupError) {
    try authorize(call, operation)
    try operation.checkParameters { call.parameter($0.name) }
  }

  private func authorize(_ call: any Call, _ operation: Operation) throws(PupError) {
    guard !operation.permissions.isEmpty else { return }
    let principal: Principal
    do throws(AuthenticationFailure) { principal = try call.identify(with: authorizer) } catch { throw error.error }
    call.services.streams.extend(by: principal)
    let resource = operation.resource.resource { call.parameter($0) }
    var failure: PupError?
    for permission in operation.permissions {
      do throws(PupError) {
        return try authorizer.authorize(principal, permission, resource)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  /// The token may have expired or been revoked while the body arrived.
  func checkAgain(_ principal: Principal?) throws(PupError) {
    guard let principal else { return }
    if authorizer.isRevoked(principal) { throw AuthenticationFailure.revoked.error }
    if authorizer.isExpired(principal) { throw AuthenticationFailure.expired.error }
  }

  /// Runs the operation. The call must be complete.
  func perform(_ operation: Operation, for call: any Call) throws(PupError) {
    try checkAgain(call.principal)
    try operation.checkBody(call.mediaType)
    try operation.handle(call)
  }
}
