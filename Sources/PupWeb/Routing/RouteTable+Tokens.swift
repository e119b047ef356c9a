internal import PupAPI
internal import PupTokens

extension RouteTable {
  private static let bodyErrors: [PupErrorCode] = [.bodyTooLarge, .unsupportedMediaType]

  static let tokens: [Route] = [
    Route(
      .get, "/tokens",
      Operation(
        name: "listTokens", summary: "The tokens that were issued; not the tokens themselves.",
        permissions: [.admin],
        answer: .init(
          summary: "Oldest first. One that is `void` was made before the secret was changed, and cannot be reinstated.",
          schema: data(list("TokenInfo"))),
        errors: [.unavailable]
      ) { (call) throws(PupError) in
        call.services.backend.tokens.list(call.answering())
      }),
    Route(
      .post, "/tokens",
      Operation(
        name: "createToken",
        summary: "Issues a token, which is shown only in this answer.",
        permissions: [.admin], body: "TokenRequest",
        answer: .init(status: 201, summary: "The token.", schema: data(reference("TokenCreated"))),
        errors: bodyErrors + [.refused, .unavailable]
      ) { (call) throws(PupError) in
        let request = try TokenRequest(jsonBytes: call.body)
        for scope in request.scopes ?? [] where TokenScope(text: scope) == nil {
          throw PupError(
            .invalidBody,
            "scopes: unknown scope \"\(scope.prefix(32))\"; known are \(TokenScope.words.joined(separator: ", ")) and control:<glob of ids>"
          )
        }
        if let problem = ReservedConsumer.problem(request.consumer) { throw PupError(.invalidBody, "consumer: \(problem)") }
        call.services.backend.tokens.create(request, answer: call.answering(status: 201))
      }),
    Route(
      .post, "/tokens/revoke",
      Operation(
        name: "revokeTokens",
        summary: "Ends a token, or all of a consumer. Open streams end within a second.", permissions: [.admin],
        body: "TokenRevocation", answer: .init(summary: "Revoked.", schema: data(reference("ActionResult"))),
        errors: bodyErrors + [.unavailable]
      ) { (call) throws(PupError) in
        let revocation = try TokenRevocation(jsonBytes: call.body)
        call.services.backend.tokens.revoke(revocation, answer: call.acknowledging())
      }),
    Route(
      .post, "/tokens/reinstate",
      Operation(
        name: "reinstateConsumer",
        summary: "Takes the revocation of a consumer back; its tokens that are neither expired nor void are good again.",
        permissions: [.admin], body: "Consumer",
        answer: .init(summary: "Reinstated.", schema: data(reference("ActionResult"))), errors: bodyErrors + [.unavailable]
      ) { (call) throws(PupError) in
        let consumer = try ConsumerName(jsonBytes: call.body)
        call.services.backend.tokens.reinstate(consumer: consumer.text, answer: call.acknowledging())
      }),
    Route(
      .post, "/tokens/rotate-secret",
      Operation(
        name: "rotateSecret",
        summary: "Ends every token: a new secret signs the next ones. The answer carries a new token for the caller.",
        permissions: [.admin], answer: .init(summary: "The caller's next token.", schema: data(reference("SecretRotated"))),
        errors: [.unavailable]
      ) { (call) throws(PupError) in
        call.services.backend.tokens.rotateSecret(by: call.principal?.consumer ?? "", answer: call.answering())
      }),
  ]
}
