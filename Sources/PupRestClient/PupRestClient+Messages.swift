public import PupAPI

extension PupRestClient {
  /// Writes a line to Pup's log: process `core`, category `api-<plugin>`.
  /// Not retried automatically once the server may have received it.
  public func sendLog(_ severity: APILogSeverity, _ plugin: String, _ message: String) async throws(PupError) {
    let body = LogSubmission(severity: severity, plugin: plugin, message: message)
    _ = try await data(Call(method: .post, path: "/log", body: body, isIdempotent: false))
  }

  /// Sends a program's report.
  public func sendTelemetry(_ telemetry: ProcessTelemetry) async throws(PupError) {
    _ = try await data(Call(method: .post, path: "/telemetry", body: telemetry))
  }

  /// Sends a message to other programs, which see the consumer of this client's token as its sender.
  public func sendIpc(_ target: String, _ event: String, _ eventData: JSONValue? = nil) async throws(PupError) {
    let body = IPCMessage(sender: "", target: target, event: event, eventData: eventData)
    _ = try await data(Call(method: .post, path: "/ipc", body: body, isIdempotent: false))
  }

  /// Log lines, oldest first: the newest `limit` of those that match. There are fewer if the server would have to read for more
  /// than two seconds or return more than four megabytes; then narrow the range with `start` or `end`.
  /// - Parameters:
  ///   - processId: nil for all; `core` is Pup itself.
  ///   - start: no line before this time.
  ///   - end: no line after this time.
  ///   - severity: exactly this severity, as in the original.
  ///   - limit: 1–100; nil means 100.
  public func getLogs(
    processId: String? = nil, start: ISODate? = nil, end: ISODate? = nil, severity: APILogSeverity? = nil, limit: Int? = nil
  ) async throws(PupError) -> [LogItem] {
    var call = Call(path: "/logs")
    if let processId { call.query.append(("processId", processId)) }
    return try await lines(call, start, end, severity, limit)
  }

  /// Lines of one process's log, oldest first: the newest `limit` of those that match, with the same bounds as `getLogs`.
  /// - Parameters:
  ///   - id: the process; `core` is Pup itself.
  ///   - start: no line before this time.
  ///   - end: no line after this time.
  ///   - severity: exactly this severity, as in the original.
  ///   - limit: 1–1000; nil means 100.
  /// - Throws: `unknownProcess`.
  public func getProcessLogs(
    _ id: String, start: ISODate? = nil, end: ISODate? = nil, severity: APILogSeverity? = nil, limit: Int? = nil
  ) async throws(PupError) -> [LogItem] {
    try await lines(Call(path: "/processes/\(PercentEncoding.segment(id))/logs"), start, end, severity, limit)
  }

  private func lines(
    _ call: Call, _ start: ISODate?, _ end: ISODate?, _ severity: APILogSeverity?, _ limit: Int?
  ) async throws(PupError) -> [LogItem] {
    var call = call
    if let start { call.query.append(("startTimeStamp", String(start.milliseconds))) }
    if let end { call.query.append(("endTimeStamp", String(end.milliseconds))) }
    if let severity { call.query.append(("severity", severity.rawValue)) }
    if let limit { call.query.append(("nRows", String(limit))) }
    return try await read(call) { (data) throws(PupError) in
      try Self.elements(data) { (json) throws(PupError) in try LogItem(json: json) }
    }
  }

  /// Calls any route of the interface and returns the response's `data`. For routes without a method of their own.
  package func call(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [], body: JSONValue? = nil,
    isIdempotent: Bool = false, wait: Duration? = nil
  ) async throws(PupError) -> JSONValue {
    guard let method = HTTPRequest.Method(rawValue: method) else {
      throw PupError(.invalidParameter, "the method \(method) is not one of GET, POST, PUT and DELETE")
    }
    return try await data(
      Call(
        method: method, path: path, query: query, body: body, isIdempotent: isIdempotent || method == .get, wait: wait))
  }
}
