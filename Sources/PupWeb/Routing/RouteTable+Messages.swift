internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let messages: [Route] = [
    Route(
      .post, "/telemetry",
      Operation(
        name: "sendTelemetry", summary: "What a program reports of itself.",
        permissions: [.telemetry], body: "ProcessTelemetry",
        answer: .init(summary: "Taken.", schema: data(reference("ActionResult"))),
        errors: [.unknownProcess, .bodyTooLarge, .unsupportedMediaType], isReport: true
      ) { (call) throws(PupError) in
        var telemetry = try ProcessTelemetry(jsonBytes: call.body)
        // A program's own token speaks for that program only.
        if let id = call.principal?.programID, call.principal?.scopes.contains(.admin) != true { telemetry.sender = id }
        call.services.backend.messages.receive(telemetry, answer: call.acknowledging())
      }),
    Route(
      .post, "/ipc",
      Operation(
        name: "sendMessage", summary: "Sends a message to those who listen to the event `ipc`.",
        permissions: [.ipc], body: "IPCMessage",
        answer: .init(summary: "Sent.", schema: data(reference("ActionResult"))), errors: [.bodyTooLarge, .unsupportedMediaType],
        isReport: true
      ) { (call) throws(PupError) in
        var message = try IPCMessage(jsonBytes: call.body)
        message.sender = call.principal?.consumer ?? ""
        call.services.backend.messages.send(message)
        call.answer(data: ActionResult(.done))
      }),
  ]
}
