internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let messages: [Route] = [
    Route(
      name: "sendTelemetry", method: .post, path: "/telemetry", summary: "What a program reports of itself.",
      permissions: [.telemetry], body: "ProcessTelemetry",
      answer: .init(summary: "Taken.", schema: data(reference("ActionResult"))),
      errors: [.unknownProcess, .bodyTooLarge, .unsupportedMediaType]
    ) { (service, exchange) throws(PupError) in
      var telemetry = try ProcessTelemetry(jsonBytes: exchange.request.body)
      // A program's own token speaks for that program only.
      if let id = exchange.principal?.programID, exchange.principal?.scopes.contains(.admin) != true { telemetry.sender = id }
      service.backend.receive(
        telemetry,
        answer: service.onLoop { error in
          if let error { exchange.answer(error) } else { exchange.answer(data: ActionResult(.done)) }
        })
    },
    Route(
      name: "sendMessage", method: .post, path: "/ipc", summary: "Sends a message to whoever listens to the event `ipc`.",
      permissions: [.ipc], body: "IPCMessage",
      answer: .init(summary: "Sent.", schema: data(reference("ActionResult"))), errors: [.bodyTooLarge, .unsupportedMediaType]
    ) { (service, exchange) throws(PupError) in
      var message = try IPCMessage(jsonBytes: exchange.request.body)
      message.sender = exchange.principal?.consumer ?? ""
      service.backend.send(message)
      exchange.answer(data: ActionResult(.done))
    },
  ]
}
