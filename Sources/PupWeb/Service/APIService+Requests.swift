internal import PupAPI
internal import PupSystem
internal import PupTokens

extension APIService {
  /// With the head: finds the route, and whether this may be. What is refused is told when the body has passed.
  func admit(_ exchange: Exchange) {
    do throws(PupError) {
      exchange.sharedOrigin = hostCheck.sharedOrigin(exchange.request.headers)
      if !exchange.request.isLocal { try hostCheck.check(exchange.request) }
      if exchange.isPreflight { return }
      let match = try RouteTable.match(method: exchange.request.method, segments: exchange.request.segments)
      exchange.route = match.route
      exchange.parameters = match.parameters
      try authorize(exchange, match.route)
      try match.route.checkParameters(match.parameters, exchange.request)
    } catch {
      exchange.refusal = error
    }
  }

  private func authorize(_ exchange: Exchange, _ route: Route) throws(PupError) {
    guard !route.permissions.isEmpty else { return }
    let principal: Principal
    do throws(AuthenticationFailure) {
      principal = try authorizer.authenticate(header: exchange.request.headers["authorization"])
    } catch {
      throw error.error
    }
    exchange.principal = principal
    var resource = Resource.instance
    if let id = exchange.parameters["id"] { resource = id.lowercased() == "all" ? .allProcesses : .process(id) }
    var failure: PupError?
    for permission in route.permissions {
      do throws(PupError) {
        return try authorizer.authorize(principal, permission, resource)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  /// With the whole request.
  func handle(_ exchange: Exchange) {
    if let refusal = exchange.refusal { return refuse(exchange, refusal) }
    if exchange.isPreflight { return exchange.answer(.preflight(RouteTable.methods(of: exchange.request.segments))) }
    guard let route = exchange.route else { return exchange.answer(PupError(.notFound, "no such path")) }
    do throws(PupError) {
      try route.checkBody(exchange.request)
      try route.handle(self, exchange)
    } catch {
      exchange.answer(error)
    }
  }

  private func refuse(_ exchange: Exchange, _ refusal: PupError) {
    var response = HTTPResponse.error(refusal)
    if refusal.code == .methodNotAllowed {
      response.headers.append(("Allow", RouteTable.methods(of: exchange.request.segments).joined(separator: ", ")))
    }
    guard refusal.code == .unauthorized, let loop else { return exchange.answer(response) }
    // Who guesses waits; who knows does not. Who guesses in parallel is not even looked at again.
    guard heldRefusals < settings.limits.heldRefusals else {
      return exchange.answer(PupError(.tooManyRequests, "too many requests with wrong tokens at once; try again in a second"))
    }
    heldRefusals += 1
    let delay = Int64(settings.limits.failureDelayMilliseconds) * 1_000_000
    let held = response
    _ = loop.schedule(at: Clock.boot + delay) { [weak self] in
      self?.heldRefusals -= 1
      exchange.answer(held)
    }
  }

  func answered(_ exchange: Exchange, status: Int, bytes: Int) {
    let microseconds = (Clock.boot - exchange.began) / 1000
    metrics.record(route: exchange.route?.name ?? "none", status: status, microseconds: microseconds)
    let request = exchange.request
    backend.accessed(
      AccessRecord(
        requestID: request.id, method: String(request.method.prefix(32)), path: Self.shown(request.path), status: status,
        consumer: exchange.principal?.consumer, isLocal: request.isLocal, microseconds: microseconds, bytes: bytes))
  }

  /// For the log: somebody may have put a token into a path.
  static func shown(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return String(parts.map { $0.hasPrefix("eyJ") ? "***" : $0 }.joined(separator: "/").prefix(256))
  }

  /// Calls back on the loop.
  func onLoop<Value: Sendable>(_ body: @escaping @Sendable (Value) -> Void) -> @Sendable (Value) -> Void {
    { [weak self] value in self?.loop?.post { body(value) } }
  }
}
