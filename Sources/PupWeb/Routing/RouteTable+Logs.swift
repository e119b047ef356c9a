internal import PupAPI
internal import PupTokens

extension RouteTable {
  private static let severities = APILogSeverity.allCases.map(\.rawValue)
  private static let moments: ClosedRange<Int64> = 0...253_402_300_799_999

  private static func range(_ rows: RouteParameter) -> [RouteParameter] {
    [
      RouteParameter("startTimeStamp", .integer(moments), "First moment, in ms since 1970."),
      RouteParameter("endTimeStamp", .integer(moments), "Last moment, in ms since 1970."),
      RouteParameter("severity", .word(severities), "Only lines of this severity."),
      rows,
    ]
  }

  private static let page = Route.Answer(
    summary:
      "Log lines. A query reads for two seconds and answers four megabytes of text at most: where that was not enough, the newest of what it "
      + "asks for is there, and the headers say so.",
    schema: data(list("LogItem")), headers: [truncated, nextEnd])

  private static let truncated = AnswerHeader(
    name: "Pup-Truncated",
    summary:
      "There only where the query ended early: by its `time`, or because the answer has as many `bytes` as it may. The beginning of the "
      + "first lines may be missing.",
    schema: ["type": "string", "enum": .array(APILogPage.Limit.allCases.map { .string($0.rawValue) })])

  private static let nextEnd = AnswerHeader(
    name: "Pup-Next-End",
    summary:
      "With `Pup-Truncated`: the `endTimeStamp` that goes on from there, always less than the one before. Lines of that millisecond may come again.",
    schema: ["type": "integer", "format": "int64"])

  private static func answeringPage(
    _ service: APIService, _ exchange: Exchange
  ) -> @Sendable (Result<APILogPage, PupError>) -> Void {
    service.onLoop { result in
      switch result {
      case .success(let page):
        var response = HTTPResponse.data(page.lines)
        if let limit = page.limit {
          response.headers.append((truncated.name, limit.rawValue))
          if let end = page.nextEnd { response.headers.append((nextEnd.name, String(end))) }
        }
        exchange.answer(response)
      case .failure(let error): exchange.answer(error)
      }
    }
  }

  static let logs: [Route] = [
    Route(
      name: "getLogs", method: .get, path: "/logs", summary: "The newest log lines, oldest first.", permissions: [.logs],
      parameters: [
        RouteParameter(
          "processId", .name(extra: RouteParameter.idExtra, maximum: 128), "Only this process; `core` is the supervisor.")
      ]
        + range(
          RouteParameter(
            "nRows", .integer(1...1_000_000), "At most so many; never more than 100 come, see `/processes/{id}/logs` for more.")),
      answer: page, errors: [.unknownProcess, .unavailable]
    ) { (service, exchange) throws(PupError) in
      let rows = exchange.request.parameter("nRows").flatMap { Int($0) } ?? 100
      let query = query(exchange, processId: exchange.request.parameter("processId"), count: min(rows, 100))
      service.backend.logs(query, for: exchange.watchClient(), answer: answeringPage(service, exchange))
    },
    Route(
      name: "getProcessLogs", method: .get, path: "/processes/{id}/logs", summary: "A process's newest log lines, oldest first.",
      permissions: [.logs],
      parameters: [.id] + range(RouteParameter("nRows", .integer(1...1000), "At most so many (100).")),
      answer: page, errors: [.unknownProcess, .unavailable]
    ) { (service, exchange) throws(PupError) in
      let rows = exchange.request.parameter("nRows").flatMap { Int($0) } ?? 100
      let query = query(exchange, processId: exchange.parameters["id"], count: rows)
      service.backend.logs(query, for: exchange.watchClient(), answer: answeringPage(service, exchange))
    },
    Route(
      name: "writeLog", method: .post, path: "/log", summary: "Writes a line as process `core`, category `api-<plugin>`.",
      permissions: [.log], body: "LogSubmission",
      answer: .init(status: 201, summary: "Written.", schema: data(reference("ActionResult"))),
      errors: [.bodyTooLarge, .unsupportedMediaType]
    ) { (service, exchange) throws(PupError) in
      service.backend.log(try LogSubmission(jsonBytes: exchange.request.body))
      exchange.answer(data: ActionResult(.done), status: 201)
    },
  ]

  private static func query(_ exchange: Exchange, processId: String?, count: Int) -> APILogQuery {
    let request = exchange.request
    func moment(_ name: String) -> ISODate? {
      request.parameter(name).flatMap { Int64($0) }.map(ISODate.init(milliseconds:))
    }
    return APILogQuery(
      processId: processId, start: moment("startTimeStamp"), end: moment("endTimeStamp"),
      severity: request.parameter("severity").flatMap(APILogSeverity.init(word:)), count: count)
  }
}
