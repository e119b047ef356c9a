internal import PupAPI
internal import PupTokens

extension RouteTable {
  private static let names = EventName.allCases.map(\.rawValue)

  /// RFC 6455 §4.1.
  private static let handshake = [
    RouteParameter("Upgrade", .pattern("^[Ww]ebsocket$"), "The protocol.", in: .header, isRequired: true),
    RouteParameter(
      "Connection", .pattern("^(keep-alive, )?[Uu]pgrade$"), "A list that has `Upgrade` in it.", in: .header, isRequired: true),
    RouteParameter("Sec-WebSocket-Version", .pattern("^13$"), "The protocol's version.", in: .header, isRequired: true),
    RouteParameter(
      "Sec-WebSocket-Key", .pattern("^[A-Za-z0-9+/]{22}==$"), "16 bytes in base64.", in: .header, isRequired: true),
  ]

  static let events: [Route] = [
    Route(
      name: "readEvents", method: .get, path: "/events",
      summary: "Server-Sent Events with ids `<epoch>-<n>`; `Last-Event-ID` resumes without a gap, or says what was `lost`.",
      permissions: [.read, .logs, .ipc],
      parameters: [
        RouteParameter("types", .words(names), "Only these; all but `application_state` otherwise."),
        RouteParameter("processId", .name(extra: "@._,-", maximum: 4096), "Only these processes, separated by commas."),
        RouteParameter("severity", .word(APILogSeverity.allCases.map(\.rawValue)), "Log lines of at least this severity."),
        RouteParameter("lastEventId", .eventID, "As the header Last-Event-ID, which wins."),
        RouteParameter(
          "Last-Event-ID", .eventID, "Goes on behind this event; from now on where it is missing or empty.", in: .header),
      ],
      answer: .init(
        summary: "The stream, until the client leaves or its token ends.", type: "text/event-stream",
        schema: reference("ServerSentEvent")),
      errors: [.invalidParameter]
    ) { (service, exchange) throws(PupError) in
      try open(service, exchange)
    },
    Route(
      name: "prolongEvents", method: .post, path: "/events/{stream}/auth",
      summary: "Lets an event stream go on with the fresh token of this request; the consumer has to be the same.",
      permissions: [.read, .logs, .ipc],
      parameters: [
        RouteParameter("stream", .name(extra: "_-", maximum: 64), "The id in the stream's first event.", in: .path)
      ],
      answer: .init(summary: "Prolonged.", schema: data(reference("ActionResult"))), errors: [.notFound]
    ) { (service, exchange) throws(PupError) in
      guard let principal = exchange.principal, let stream = service.streams[exchange.parameters["stream"] ?? ""],
        stream.principal.consumer == principal.consumer, !stream.isEnded
      else { throw PupError(.notFound, "no stream of yours has this id") }
      stream.prolong(principal)
      exchange.answer(data: ActionResult(.done))
    },
    Route(
      name: "openWebSocket", method: .get, path: "/wss",
      summary:
        "WebSocket; frames `{\"t\": event, \"d\": payload}`, `{\"t\":\"auth\",\"d\":{\"token\"}}` prolongs it, 4401 closes it.",
      permissions: [.read, .logs, .ipc], parameters: handshake,
      answer: .init(status: 101, summary: "The connection is a WebSocket now.", type: ""),
      errors: [.upgradeRequired]
    ) { (service, exchange) throws(PupError) in
      exchange.answer(HTTPResponse(upgradeWithAccept: try WebSocketHandshake.accept(exchange.request)))
    },
  ]

  private static func open(_ service: APIService, _ exchange: Exchange) throws(PupError) {
    guard let principal = exchange.principal else { return }
    let request = exchange.request
    guard request.method == "GET" else {
      return exchange.answer(HTTPResponse(status: 200, type: "text/event-stream; charset=utf-8", body: []))
    }
    var filter = EventFilter()
    if let words = request.parameter("types") {
      filter.names = Set(words.split(separator: ",").compactMap { EventName(rawValue: String($0)) })
    }
    filter.processIds = request.parameter("processId").map { Set($0.lowercased().split(separator: ",").map(String.init)) }
    filter.severity = request.parameter("severity").flatMap(APILogSeverity.init(word:))
    var resume: EventID?
    if let text = request.headers["last-event-id"] ?? request.parameter("lastEventId"), !text.isEmpty {
      guard let id = EventID(text: text) else {
        throw PupError(.invalidParameter, "Last-Event-ID must be an id that this stream gave, <epoch>-<n>")
      }
      resume = id
    }
    let stream = EventStream(
      id: TokenID.random(), principal: principal, filter: filter, bus: service.events, after: resume,
      limits: service.settings.limits
    ) { [weak service] stream in service?.streams[stream.id] = nil }
    service.streams[stream.id] = stream
    exchange.answer(HTTPResponse(stream: stream))
  }

}
