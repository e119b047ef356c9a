internal import PupAPI

/// One example of each body and of each answer, for the OpenAPI document and the page for people.
enum APIExamples {
  private static let moment = ISODate(microseconds: 1_795_248_930_123_000)

  private static var web: ProcessInformation {
    var information = ProcessInformation(id: "web", status: .running, updated: moment)
    information.pid = 4711
    information.started = moment
    information.explanation = "running: pid 4711, started by autostart"
    information.resources = ProcessResources(processes: 2, memory: 31_457_280, cpuSeconds: 12.5, cpuPercent: 0.3)
    return information
  }

  private static var state: ApplicationState {
    var state = ApplicationState(pid: 4700, version: "0.1.0", started: moment, updated: moment)
    state.status = .running
    state.port = 49_152
    state.runtime = "pup-swift"
    state.osRelease = "6.1.0"
    state.osUptime = 86_400
    state.processes = [web]
    return state
  }

  private static var transition: HistoryEntry {
    var entry = HistoryEntry(
      time: moment, processId: "web", old: .running, new: .errored, actor: "the program", cause: "failed: exited with code 1")
    entry.pid = 4711
    entry.code = 1
    (entry.userSeconds, entry.systemSeconds, entry.peakMemory) = (12.1, 0.4, 33_554_432)
    return entry
  }

  private static let line = LogItem(
    severity: .error, category: "stderr", text: "cannot bind to port 8000", processId: "web", timeStamp: moment.milliseconds)
  private static let token = TokenInfo(
    id: "m2hQpDcX0vZbq8n5xw3u7A", consumer: "dashboard", scopes: ["read", "logs"], created: moment)

  /// By the name of the schema.
  static let bodies: [String: JSONValue] = [
    "ProcessTelemetry": value(
      ProcessTelemetry(
        sender: "web", memory: .init(external: 0, heapTotal: 4096, heapUsed: 2048, rss: 8192), sent: moment.text, cwd: "/srv/app")
    ),
    "IPCMessage": ["target": "worker", "event": "cache.clear", "eventData": ["key": "front-page"]],
    "LogSubmission": value(LogSubmission(severity: .warn, plugin: "disk-watch", message: "/srv is 91 % full")),
    "TokenRequest": value(TokenRequest(consumer: "dashboard", scopes: ["read", "logs"], expiresIn: 86_400)),
    "TokenRevocation": ["consumer": "dashboard"],
    "Consumer": ["consumer": "dashboard"],
  ]

  /// By the name of the route.
  static let answers: [String: JSONValue] = {
    let entry = ProcessEntry(
      status: web,
      config: JSONObject([("id", "web"), ("cmd", "python3 -m http.server 8000"), ("cwd", "/srv/app"), ("autostart", true)]))
    var answers: [String: JSONValue] = [
      "listProcesses": data([entry]), "getProcess": data(entry), "getHistory": data([transition]), "getState": data(state),
      "getLogs": data([line]), "getProcessLogs": data([line]), "listTokens": data([token]),
      "createToken": data(
        TokenCreated(token: "eyJhbGciOiJIUzUxMiJ9…", id: token.id, consumer: token.consumer, scopes: token.scopes)),
      "rotateSecret": data(SecretRotated(token: "eyJhbGciOiJIUzUxMiJ9…")), "getHealth": ["data": ["status": "ok"]],
      "getReadiness": ["data": ["status": "ready"]], "getMetrics": "pup_process_restarts_total{process=\"web\"} 0\n",
      "readEvents": "id: 5f3a9c-17\nevent: process_status_changed\ndata: {\"old\":100,\"new\":200, …}\n\n",
      "writeLog": data(ActionResult(.done)), "sendTelemetry": data(ActionResult(.done)), "sendMessage": data(ActionResult(.done)),
      "prolongEvents": data(ActionResult(.done)), "revokeTokens": data(ActionResult(.done)),
      "reinstateConsumer": data(ActionResult(.done)), "terminate": data(ActionResult(.accepted)),
      "reload": data(ActionResult(.done)),
    ]
    for action in ProcessAction.allCases { answers["\(action.rawValue)Process"] = data(ActionResult(.accepted)) }
    return answers
  }()

  static func error(_ code: PupErrorCode) -> JSONValue? {
    let texts: [PupErrorCode: String] = [
      .unauthorized: "Authorization header required", .forbidden: "this token lacks the scope \"read\"",
      .unknownProcess: "no process or cluster is called `wbe`; did you mean `web`?", .refused: "blocked by ops; unblock it first",
      .unavailable: "Pup is terminating; try again in a moment", .invalidBody: "consumer is missing",
      .invalidRequest: "exactly one Host header is needed", .bodyTooLarge: "the body is larger than 262144 bytes",
    ]
    return texts[code].map { value(PupError(code, $0)) }
  }

  private static func value(_ encodable: some JSONEncodable) -> JSONValue {
    (try? JSONValue(parsing: encodable.jsonBytes)) ?? .null
  }

  private static func data(_ encodable: some JSONEncodable) -> JSONValue { ["data": value(encodable)] }
}
