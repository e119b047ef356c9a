internal import PupAPI
internal import PupTokens

extension RouteTable {
  private static let bodyErrors: [PupErrorCode] = [.bodyTooLarge, .unsupportedMediaType]

  static let tokens: [Route] = [
    Route(
      name: "listTokens", method: .get, path: "/tokens", summary: "The tokens that were issued; not the tokens themselves.",
      permissions: [.admin], answer: .init(summary: "Oldest first.", schema: data(list("TokenInfo"))), errors: [.unavailable]
    ) { (service, exchange) throws(PupError) in
      service.backend.tokens(answering(service, exchange))
    },
    Route(
      name: "createToken", method: .post, path: "/tokens",
      summary: "Issues a token. The answer is the only time that it is told.",
      permissions: [.admin], body: "TokenRequest",
      answer: .init(status: 201, summary: "The token.", schema: data(reference("TokenCreated"))),
      errors: bodyErrors + [.refused, .unavailable]
    ) { (service, exchange) throws(PupError) in
      let request = try TokenRequest(jsonBytes: exchange.request.body)
      for scope in request.scopes ?? [] where TokenScope(text: scope) == nil {
        throw PupError(
          .invalidBody,
          "scopes: unknown scope \"\(scope.prefix(32))\"; known are \(TokenScope.words.joined(separator: ", ")) and control:<glob of ids>"
        )
      }
      if let problem = ReservedConsumer.problem(request.consumer) { throw PupError(.invalidBody, "consumer: \(problem)") }
      service.backend.createToken(request, answer: answering(service, exchange, status: 201))
    },
    Route(
      name: "revokeTokens", method: .post, path: "/tokens/revoke",
      summary: "Ends a token, or all of a consumer. Open streams end within a second.", permissions: [.admin],
      body: "TokenRevocation", answer: .init(summary: "Revoked.", schema: data(reference("ActionResult"))),
      errors: bodyErrors + [.unavailable]
    ) { (service, exchange) throws(PupError) in
      let revocation = try TokenRevocation(jsonBytes: exchange.request.body)
      service.backend.revoke(revocation, answer: acknowledging(service, exchange))
    },
    Route(
      name: "reinstateConsumer", method: .post, path: "/tokens/reinstate",
      summary: "Takes the revocation of a consumer back; its tokens are good again.", permissions: [.admin], body: "Consumer",
      answer: .init(summary: "Reinstated.", schema: data(reference("ActionResult"))), errors: bodyErrors + [.unavailable]
    ) { (service, exchange) throws(PupError) in
      let consumer = try ConsumerName(jsonBytes: exchange.request.body)
      service.backend.reinstate(consumer: consumer.text, answer: acknowledging(service, exchange))
    },
    Route(
      name: "rotateSecret", method: .post, path: "/tokens/rotate-secret",
      summary: "Ends every token: a new secret signs the next ones. The answer carries a new token for the caller.",
      permissions: [.admin], answer: .init(summary: "The caller's next token.", schema: data(reference("SecretRotated"))),
      errors: [.unavailable]
    ) { (service, exchange) throws(PupError) in
      service.backend.rotateSecret(by: exchange.principal?.consumer ?? "", answer: answering(service, exchange))
    },
  ]

  private static func acknowledging(_ service: APIService, _ exchange: Exchange) -> @Sendable (PupError?) -> Void {
    service.onLoop { error in
      if let error { exchange.answer(error) } else { exchange.answer(data: ActionResult(.done)) }
    }
  }
}
