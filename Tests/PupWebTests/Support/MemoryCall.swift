import PupTokens
import PupWeb
import Synchronization

/// A call that comes by memory. Another module's channel has no more of this one than what is used here.
final class MemoryCall: Call {
  let services: OperationServices
  let body: [UInt8]
  let mediaType: String? = nil
  private let token: String?
  private let caller: Mutex<Principal?>
  private let parameters: [String: String]
  private let presence = ClientPresence()
  private let answers = Mutex<[CallAnswer]>([])

  /// - Parameter principal: who has said who they are before, and needs no token.
  init(
    _ services: OperationServices, by principal: Principal? = nil, token: String? = nil, _ parameters: [String: String] = [:],
    body: String? = nil
  ) {
    self.services = services
    self.token = token
    caller = Mutex(principal)
    self.parameters = parameters
    self.body = Array((body ?? "").utf8)
  }

  var principal: Principal? { caller.withLock { $0 } }

  func identify(with authorizer: Authorizer) throws(AuthenticationFailure) -> Principal {
    if let principal { return principal }
    guard let token else { throw .missing }
    let found = try authorizer.authenticate(token: token)
    caller.withLock { $0 = found }
    return found
  }

  func parameter(_ name: String) -> String? { parameters[name].flatMap { $0.isEmpty ? nil : $0 } }
  func checkStreamPlace() {}
  func watchClient() -> ClientPresence { presence }
  func answer(_ answer: CallAnswer) { answers.withLock { $0.append(answer) } }

  /// So far.
  var received: [CallAnswer] { answers.withLock { $0 } }
}
