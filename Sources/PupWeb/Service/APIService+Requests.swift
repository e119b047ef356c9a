internal import PupAPI
internal import PupSystem
internal import PupTokens

extension APIService {
  /// With the head: finds the route, and whether this may be. What is refused is told when the body has passed.
  func admit(_ exchange: Exchange) {
    do throws(PupError) {
      let router = exchange.router
      exchange.shared = hostCheck.sharedOrigin(exchange.request.headers).map {
        SharedOrigin(origin: $0, exposedHeaders: router.exposedHeaders)
      }
      if !exchange.request.isLocal { try hostCheck.check(exchange.request) }
      if exchange.isPreflight || exchange.isQuestionForMethods { return }
      let match = try router.match(method: exchange.request.method, segments: exchange.request.segments)
      exchange.operation = match.route.operation
      exchange.parameters = match.parameters
      try gate.admit(exchange, to: match.route.operation)
    } catch {
      exchange.refusal = error
    }
  }

  /// With the whole request.
  func handle(_ exchange: Exchange) {
    if let refusal = exchange.refusal { return refuse(exchange, refusal) }
    if exchange.isPreflight { return exchange.respond(.preflight(exchange.methods)) }
    if exchange.isQuestionForMethods { return exchange.respond(.methods(exchange.methods)) }
    guard let operation = exchange.operation else { return exchange.answer(PupError(.notFound, "no such path")) }
    do throws(PupError) {
      // Nothing is begun for somebody who wants the head only.
      if exchange.request.method == "HEAD", operation.answer.isStream {
        try gate.checkAgain(exchange.principal)
        return exchange.respond(.streamHead("\(operation.answer.type); charset=utf-8"))
      }
      try gate.perform(operation, for: exchange)
    } catch {
      refuse(exchange, error)
    }
  }

  private func refuse(_ exchange: Exchange, _ refusal: PupError) {
    var response = HTTPResponse.error(refusal)
    if refusal.code == .methodNotAllowed {
      response.headers.append(("Allow", exchange.methods.joined(separator: ", ")))
    }
    guard refusal.code == .unauthorized, let loop else { return exchange.respond(response) }
    // Who guesses waits; who knows does not. Who guesses in parallel is not even looked at again.
    guard heldRefusals < settings.limits.heldRefusals else {
      return exchange.answer(PupError(.tooManyRequests, "too many requests with wrong tokens at once; try again in a second"))
    }
    heldRefusals += 1
    let delay = Int64(settings.limits.failureDelayMilliseconds) * 1_000_000
    let held = response
    _ = loop.schedule(at: Clock.boot + delay) { [weak self] in
      self?.heldRefusals -= 1
      exchange.respond(held)
    }
  }

  func answered(_ exchange: Exchange, status: Int, bytes: Int) {
    let microseconds = (Clock.boot - exchange.began) / 1000
    metrics.record(route: exchange.operation?.name ?? "none", status: status, microseconds: microseconds)
    let request = exchange.request
    let isChange = request.method != "GET" && request.method != "HEAD" && exchange.operation?.isReport != true
    // Asked of the kernel only for what is logged.
    let client = status >= 400 || isChange ? exchange.connection?.socket.peer : nil
    services.backend.access.accessed(
      AccessRecord(
        requestID: request.id, method: String(request.method.prefix(32)), path: Self.shown(request.path), status: status,
        consumer: exchange.principal?.consumer, isLocal: request.isLocal, isChange: isChange, client: client,
        microseconds: microseconds, bytes: bytes))
  }

  /// For the log: somebody may have put a token into a path.
  static func shown(_ path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return String(parts.map { $0.hasPrefix("eyJ") ? "***" : $0 }.joined(separator: "/").prefix(256))
  }
}
