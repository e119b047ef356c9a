internal import PupAPI
internal import PupEvents
internal import PupTokens

extension RouteTable {
  private static let names = EventName.known.map(\.rawValue)

  /// RFC 6455 §4.1.
  private static let handshake = [
    OperationParameter("Upgrade", .pattern("^[Ww]ebsocket$"), "The protocol.", in: .header, isRequired: true),
    OperationParameter(
      "Connection", .pattern("^(keep-alive, )?[Uu]pgrade$"), "A list that has `Upgrade` in it.", in: .header, isRequired: true),
    OperationParameter("Sec-WebSocket-Version", .pattern("^13$"), "The protocol's version.", in: .header, isRequired: true),
    OperationParameter(
      "Sec-WebSocket-Key", .pattern("^[A-Za-z0-9+/]{22}==$"), "16 bytes in base64.", in: .header, isRequired: true),
  ]

  static let events: [Route] = [
    Route(
      .get, "/events",
      Operation(
        name: "readEvents",
        summary: "Server-Sent Events with ids `<epoch>-<n>`; `Last-Event-ID` resumes without a gap, or says what was `lost`.",
        permissions: [.read, .logs, .ipc],
        parameters: [
          OperationParameter("types", .words(names), "Only these; all but `application_state` otherwise."),
          OperationParameter("processId", .name(extra: "@._,-", maximum: 4096), "Only these processes, separated by commas."),
          OperationParameter(
            "severity", .severity, "Log lines of at least this severity (in `GET /logs` it is exactly this one)."),
          OperationParameter(
            "category", .name(extra: "@._,-", maximum: 512),
            "Log lines of these categories only, separated by commas. Those of `access`, about requests, come only where it is named."
          ),
          OperationParameter("lastEventId", .eventID, "As the header Last-Event-ID, which wins."),
          OperationParameter(
            "Last-Event-ID", .eventID, "Goes on behind this event; from now on where it is missing or empty.", in: .header),
        ],
        answer: .init(
          summary: "The stream, until the client leaves or its token ends.", type: "text/event-stream",
          schema: reference("ServerSentEvent")),
        errors: [.invalidParameter]
      ) { (call) throws(PupError) in
        try open(call)
      }),
    Route(
      .post, "/events/{stream}/auth",
      Operation(
        name: "prolongEvents",
        summary: "Lets an event stream continue with the fresh token of this request; the consumer has to be the same.",
        permissions: [.read, .logs, .ipc],
        parameters: [
          OperationParameter("stream", .name(extra: "_-", maximum: 64), "The id in the stream's first event.", in: .path)
        ],
        answer: .init(summary: "Prolonged.", schema: data(reference("ActionResult"))), errors: [.notFound]
      ) { (call) throws(PupError) in
        guard let principal = call.principal, let stream = call.services.streams.stream(call.parameter("stream") ?? ""),
          stream.validity.consumer == principal.consumer, !stream.isEnded
        else { throw PupError(.notFound, "no stream of yours has this id") }
        stream.prolong(principal)
        call.answer(data: ActionResult(.done))
      }),
    Route(
      .get, "/wss",
      Operation(
        name: "openWebSocket",
        summary:
          "WebSocket; frames `{\"t\": event, \"d\": payload}`, `{\"t\":\"auth\",\"d\":{\"token\"}}` prolongs it, 4401 closes it.",
        permissions: [.read, .logs, .ipc], parameters: handshake,
        answer: .init(status: 101, summary: "The connection is a WebSocket now.", type: ""),
        errors: [.upgradeRequired]
      ) { (call) throws(PupError) in
        guard let principal = call.principal else { throw AuthenticationFailure.missing.error }
        let accept = try WebSocketHandshake.accept(call)
        try call.checkStreamPlace()
        call.answer(.upgrade(call.services.streams.webSocket(for: principal, accept: accept)))
      }),
  ]

  private static func open(_ call: any Call) throws(PupError) {
    guard let principal = call.principal else { throw AuthenticationFailure.missing.error }
    var filter = EventFilter()
    if let words = call.parameter("types") {
      filter.names = EventNames(words.split(separator: ",").map { EventName(rawValue: String($0)) })
    }
    filter.processIds = call.parameter("processId").map { Set($0.lowercased().split(separator: ",").map(String.init)) }
    filter.severity = call.parameter("severity").flatMap(APILogSeverity.init(word:))
    filter.categories = call.parameter("category").flatMap {
      $0.isEmpty ? nil : Set($0.lowercased().split(separator: ",").map(String.init))
    }
    // An empty one is from now on.
    let resume = (call.parameter("Last-Event-ID") ?? call.parameter("lastEventId")).flatMap(EventID.init(text:))
    try call.checkStreamPlace()
    call.answer(.stream(call.services.streams.open(for: principal, filter, after: resume)))
  }
}
