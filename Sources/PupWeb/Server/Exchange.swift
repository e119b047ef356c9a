internal import PupAPI
internal import PupSystem
internal import PupTokens

/// A request and its answer: a call of an operation over HTTP. `answer` may be called once, from any thread; everything else
/// belongs to the loop's thread.
final class Exchange: Call, @unchecked Sendable {
  enum Phase {
    /// The body is on its way.
    case receiving
    /// Somebody works on the answer.
    case handling
    /// The answer is with the connection.
    case sent
    case closed
  }

  var request: HTTPRequest
  private(set) var principal: Principal?
  /// The values of the route's `{…}`.
  var parameters: [String: String] = [:]
  var operation: Operation?
  /// The routes that were served when its head arrived.
  let router: Router
  var shared: SharedOrigin?
  /// Known before the body has come; reported when it has.
  var refusal: PupError?
  var phase = Phase.receiving
  var discarded = 0
  /// Nil where nobody wants to know.
  private(set) var presence: ClientPresence?
  let began = Clock.boot
  private(set) weak var connection: ClientConnection?
  let services: OperationServices
  private let loop: EventLoop

  init(request: HTTPRequest, connection: ClientConnection) {
    self.request = request
    self.connection = connection
    loop = connection.listener.loop
    let service = connection.listener.service
    router = service.router
    services = service.services
  }

  /// A browser asks whether a page of another origin, which was configured, may send what it wants to send.
  var isPreflight: Bool {
    request.method == "OPTIONS" && shared != nil && request.headers["access-control-request-method"] != nil
  }

  /// `OPTIONS` of a path that is there.
  var isQuestionForMethods: Bool {
    request.method == "OPTIONS" && !methods.isEmpty
  }

  /// The methods that its path takes.
  var methods: [String] { router.methods(of: request.segments) }

  /// Looked at each second, as long as the answer is not there.
  func watchClient() -> ClientPresence {
    let watched = presence ?? ClientPresence()
    presence = watched
    return watched
  }

  // MARK: - The call

  var body: [UInt8] { request.body }
  var mediaType: String? { request.mediaType }

  func identify(with authorizer: Authorizer) throws(AuthenticationFailure) -> Principal {
    let found = try authorizer.authenticate(header: request.headers["authorization"])
    principal = found
    return found
  }

  func parameter(_ name: String) -> String? {
    guard let declared = operation?.parameters.first(where: { $0.name == name }) else { return nil }
    return request.value(of: declared, in: parameters)
  }

  func checkStreamPlace() throws(PupError) { try connection?.listener.checkStreamPlace() }

  func answer(_ answer: CallAnswer) { respond(HTTPResponse(answer)) }

  func respond(_ response: HTTPResponse) {
    guard loop.isOnThread else {
      loop.post { self.respond(response) }
      return
    }
    guard let connection else { return response.discard() }
    connection.respond(response, to: self)
  }
}
