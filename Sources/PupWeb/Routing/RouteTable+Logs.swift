internal import PupAPI
internal import PupBasics
internal import PupTokens

extension RouteTable {
  private static let moments: ClosedRange<Int64> = 0...ISOText.latest / 1000

  private static func range(_ rows: OperationParameter) -> [OperationParameter] {
    [
      OperationParameter("startTimeStamp", .nearest(moments), "First moment, in ms since 1970."),
      OperationParameter("endTimeStamp", .nearest(moments), "Last moment, in ms since 1970."),
      OperationParameter(
        "severity", .severity, "Only lines of exactly this severity, as the original has it; `warning` is `warn`."),
      rows,
    ]
  }

  private static let page = Operation.Answer(
    summary:
      "Log lines. A query reads for two seconds and answers four megabytes of text at most: where that was not enough, the newest of what it "
      + "asks for is there, and the headers say so.",
    schema: data(list("LogItem")), headers: [truncated, nextEnd])

  private static let truncated = AnswerHeader(
    name: "Pup-Truncated",
    summary:
      "There only where something is missing: the query ended early, by its `time` or because the answer has as many `bytes` as it may (the "
      + "beginning of its first lines may be missing, then they are `continued`), or a `line` is so long that only its beginning is there (it "
      + "has a `length`).",
    schema: ["type": "string", "enum": .array(APILogPage.Limit.allCases.map { .string($0.rawValue) })])

  private static let nextEnd = AnswerHeader(
    name: "Pup-Next-End",
    summary:
      "With `Pup-Truncated: time` or `bytes`: the `endTimeStamp` with which the next query continues, always less than the one before. Lines of that millisecond may come again.",
    schema: ["type": "integer", "format": "int64"])

  private static func answeringPage(_ call: any Call) -> @Sendable (Result<APILogPage, PupError>) -> Void {
    call.services.onLoop { result in
      switch result {
      case .success(let page):
        var content = CallContent.data(page.lines)
        if let limit = page.limit {
          content.headers.append((truncated.name, limit.rawValue))
          if limit != .line, let end = page.nextEnd { content.headers.append((nextEnd.name, String(end))) }
        }
        call.answer(.content(content))
      case .failure(let error): call.answer(error)
      }
    }
  }

  static let logs: [Route] = [
    Route(
      .get, "/logs",
      Operation(
        name: "getLogs", summary: "The newest log lines, oldest first.", permissions: [.logs],
        parameters: [
          OperationParameter(
            "processId", .pattern("^[^\\x00-\\x1f\\x7f]*$"),
            "Only this process; `core` is the supervisor. Nothing is found for one without lines.")
        ]
          + range(
            OperationParameter(
              "nRows", .nearest(0...100),
              "At most this many, 100 unless it is more than 0; never more than 100 come, see `/processes/{id}/logs` for more.")),
        answer: page, errors: [.unavailable]
      ) { (call) throws(PupError) in
        let rows = call.integer("nRows") ?? 100
        var query = query(
          call, processId: call.parameter("processId"), count: rows > 0 ? Int(min(rows, 100)) : 100)
        query.isKnownProcess = false
        call.services.backend.logs.query(query, for: call.watchClient(), answer: answeringPage(call))
      }),
    Route(
      .get, "/processes/{id}/logs",
      Operation(
        name: "getProcessLogs", summary: "A process's newest log lines, oldest first.",
        permissions: [.logs], resource: .process,
        parameters: [.processID()] + range(OperationParameter("nRows", .integer(1...1000), "At most this many (100).")),
        answer: page, errors: [.unknownProcess, .unavailable]
      ) { (call) throws(PupError) in
        let rows = call.integer("nRows").map { Int($0) } ?? 100
        let query = query(call, processId: call.parameter("id"), count: rows)
        call.services.backend.logs.query(query, for: call.watchClient(), answer: answeringPage(call))
      }),
    Route(
      .post, "/log",
      Operation(
        name: "writeLog",
        summary: "Writes lines as process `core`, category `api-<plugin>`; what cannot stand in a category becomes `-`.",
        permissions: [.log], body: "LogSubmission",
        answer: .init(status: 201, summary: "Written.", schema: data(reference("ActionResult"))),
        errors: [.bodyTooLarge, .unsupportedMediaType], isReport: true
      ) { (call) throws(PupError) in
        call.services.backend.logs.write(try LogSubmission(jsonBytes: call.body))
        call.answer(data: ActionResult(.done), status: 201)
      }),
  ]

  private static func query(_ call: any Call, processId: String?, count: Int) -> APILogQuery {
    func moment(_ name: String) -> ISODate? {
      call.integer(name).map { ISODate(milliseconds: min(max($0, moments.lowerBound), moments.upperBound)) }
    }
    return APILogQuery(
      processId: processId, start: moment("startTimeStamp"), end: moment("endTimeStamp"),
      severity: call.parameter("severity").flatMap(APILogSeverity.init(word:)), count: count)
  }
}
