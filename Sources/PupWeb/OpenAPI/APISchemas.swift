internal import PupAPI

/// JSON Schemas of the wire types.
enum APISchemas {
  static let all = JSONObject([
    ("Error", object(["error": string, "code": ["type": "string", "enum": .array(codes)]], required: ["error", "code"])),
    (
      "ProcessEntry",
      object(["status": reference("ProcessInformation"), "config": reference("ProcessConfig")], required: ["status", "config"])
    ),
    ("ProcessConfig", processConfig),
    ("ProcessInformation", processInformation),
    ("ProcessTelemetry", telemetry),
    (
      "ProcessResources",
      object(
        ["processes": integer, "memory": integer, "cpuSeconds": number, "cpuPercent": number],
        required: ["processes", "memory", "cpuSeconds", "cpuPercent"])
    ),
    ("ApplicationState", applicationState),
    ("SafeMode", safeMode),
    (
      "ActionResult",
      object(
        ["success": ["type": "boolean"], "outcome": words(ActionResult.Outcome.allCases.map(\.rawValue)), "message": string],
        required: ["success", "outcome"])
    ),
    (
      "HistoryEntry",
      object(
        [
          "time": date, "processId": string, "oldState": string, "newState": string, "actor": string, "cause": string,
          "pid": integer, "code": integer, "signal": string, "outOfMemory": ["type": "boolean"], "restarts": integer,
          "userSeconds": number, "systemSeconds": number, "peakMemory": integer,
        ], required: ["time", "processId", "newState", "actor", "cause", "restarts"])
    ),
    (
      "LogItem",
      object(
        [
          "severity": severity, "category": string, "text": string, "processId": string, "timeStamp": integer,
          "partial": ["type": "boolean"], "continued": ["type": "boolean"], "length": integer,
          "event": string,
        ],
        required: ["severity", "category", "text", "processId", "timeStamp"])
    ),
    (
      "LogSubmission",
      object(
        [
          "severity": severity,
          "plugin": ["type": "string", "pattern": .string(visible), "maxLength": .integer(Int64(LogSubmission.longestPlugin))],
          "message": string,
        ],
        required: ["severity", "plugin", "message"])
    ),
    (
      "TokenRequest",
      object(
        [
          "consumer": [
            "type": "string", "pattern": .string("^\(printable)*\(visible)\(printable)*$"),
            "maxLength": .integer(Int64(TokenRequest.longestConsumer)),
          ],
          "scopes": [
            "type": ["array", "null"], "minItems": 1, "maxItems": .integer(Int64(TokenRequest.mostScopes)),
            "items": [
              "type": "string",
              "pattern": "^(read|logs|log|control|control:[A-Za-z0-9@._*?-]{1,128}|telemetry|ipc|plugins|admin)$",
            ],
          ], "expiresIn": ["type": ["integer", "null"], "minimum": 1, "maximum": .integer(TokenRequest.longestLife)],
        ], required: ["consumer"])
    ),
    ("Consumer", object(["consumer": ["type": "string", "pattern": .string(visible)]], required: ["consumer"])),
    (
      "TokenCreated",
      object(
        ["token": string, "id": string, "consumer": string, "scopes": strings, "expires": date],
        required: ["token", "id", "consumer", "scopes"])
    ),
    (
      "TokenInfo",
      object(
        [
          "id": string, "consumer": string, "scopes": strings, "created": date, "expires": date, "revoked": date, "void": string,
        ],
        required: ["id", "consumer", "scopes", "created"])
    ),
    (
      "TokenRevocation",
      .object(
        JSONObject([
          (
            "oneOf",
            .array([
              object(["id": ["type": "string", "minLength": 1], "consumer": ["type": "null"]], required: ["id"]),
              object(
                ["consumer": ["type": "string", "pattern": .string(visible)], "id": ["type": "null"]], required: ["consumer"]),
            ])
          )
        ]))
    ),
    ("SecretRotated", object(["token": string], required: ["token"])),
    (
      "IPCMessage",
      object(
        [
          "sender": ["type": ["string", "null"]], "target": shortName, "event": shortName,
          "eventData": ["description": .string("Any value, of at most \(IPCMessage.longestData) bytes of JSON.")],
        ],
        required: ["target", "event"])
    ),
    (
      // OpenAPI before 3.2 has no word for one event of a stream; testers take it so.
      "ServerSentEvent",
      object(
        [
          "id": ["type": "string", "pattern": "^[A-Za-z0-9]{1,32}-[0-9]{1,20}$"], "event": words(events), "data": string,
          "retry": integer,
        ],
        required: ["event", "data"])
    ),
  ])

  /// What `Character.isWhitespace` and control characters leave.
  private static let visible =
    #"[^\u0000-\u0020\u007F\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]"#
  private static let printable = #"[^\u0000-\u001F\u007F]"#
  private static let events = EventName.known.map(\.rawValue) + ["stream", "lost", "expired", "closed"]

  private static let shortText: JSONValue = [
    "type": "string", "maxLength": .integer(Int64(ProcessTelemetry.longestText)),
  ]
  private static let shortOrNoText: JSONValue = [
    "type": ["string", "null"], "maxLength": .integer(Int64(ProcessTelemetry.longestText)),
  ]
  private static let shortName: JSONValue = ["type": "string", "maxLength": .integer(Int64(IPCMessage.longestName))]
  private static let string: JSONValue = ["type": "string"]
  private static let strings: JSONValue = ["type": "array", "items": string]
  private static let integer: JSONValue = ["type": "integer"]
  private static let number: JSONValue = ["type": "number"]
  private static let date: JSONValue = ["type": "string", "format": "date-time"]
  private static let severity = words(APILogSeverity.allCases.map(\.rawValue))
  private static let codes = PupErrorCode.allCases.filter { $0.status > 0 }.map { JSONValue.string($0.rawValue) }
  private static let states = JSONValue.array(APIProcessState.allCases.map { .integer(Int64($0.rawValue)) })

  private static func reference(_ name: String) -> JSONValue { RouteTable.reference(name) }
  private static func words(_ words: [String]) -> JSONValue { ["type": "string", "enum": .array(words.map(JSONValue.string))] }
  private static func object(_ properties: JSONValue, required: [String]) -> JSONValue {
    ["type": "object", "properties": properties, "required": .array(required.map(JSONValue.string))]
  }

  private static let memory = object(
    ["external": ["type": ["number", "null"]], "heapTotal": number, "heapUsed": number, "rss": number],
    required: ["heapTotal", "heapUsed", "rss"])

  private static let telemetry = object(
    ["sender": shortText, "memory": memory, "sent": shortOrNoText, "cwd": shortOrNoText], required: ["sender", "memory"])

  /// The words of the configuration file, with defaults filled in.
  private static let processConfig: JSONValue = [
    "type": "object", "required": ["id"],
    "properties": [
      "id": string, "cmd": string, "worker": strings, "cwd": string,
      "env": ["type": "object", "additionalProperties": string, "description": "Values that may be secrets are `***`."],
      "path": string, "pidFile": string, "autostart": boolean, "cron": string, "terminate": string, "watch": strings,
      "restart": words(["always", "error"]), "restartDelayMs": integer, "restartLimit": integer, "overrun": boolean,
      "terminateGracePeriod": number, "terminateTimeout": number, "timeout": number, "leftovers": words(["kill", "keep"]),
      "logger": [
        "type": "object",
        "properties": [
          "console": boolean, "stdout": string, "stderr": string, "decorate": boolean, "decorateFiles": boolean,
          "colors": boolean,
        ],
      ],
      "cluster": [
        "type": "object", "required": ["instances"],
        "properties": [
          "instances": integer, "startPort": integer, "commonPort": integer,
          "strategy": words(["round-robin", "least-connections", "ip-hash"]),
        ],
      ],
    ],
  ]
  private static let boolean: JSONValue = ["type": "boolean"]

  private static let processInformation = object(
    [
      "id": string, "status": ["type": "integer", "enum": states],
      "state": words(APIProcessState.allCases.map(\.word)), "code": integer, "signal": string, "pid": integer,
      "started": date, "exited": date, "blocked": ["type": "boolean"], "restarts": integer, "updated": date,
      "pendingRestartReason": string, "telemetry": reference("ProcessTelemetry"),
      "type": words(ProcessInformation.Kind.allCases.map(\.rawValue)), "nextStart": date, "nextTerminate": date,
      "explanation": string, "resources": reference("ProcessResources"), "cluster": string,
      "members": ["type": "array", "items": string],
      "strays": ["type": "array", "items": object(["pid": integer, "name": string], required: ["pid", "name"])],
    ], required: ["id", "status", "state", "blocked", "restarts", "updated", "type"])

  private static let systemMemory = object(
    [
      "total": integer, "free": integer, "available": integer, "buffers": integer, "cached": integer, "swapTotal": integer,
      "swapFree": integer,
    ], required: ["total", "free", "available", "buffers", "cached", "swapTotal", "swapFree"])

  private static let safeMode = object(["since": date, "reason": string, "ends": date], required: ["since", "reason", "ends"])

  private static let applicationState = object(
    [
      "pid": integer, "version": string, "status": string, "safeMode": reference("SafeMode"), "updated": date, "started": date,
      "memory": memory, "port": integer,
      "systemMemory": systemMemory, "loadAvg": ["type": "array", "items": number, "minItems": 3, "maxItems": 3],
      "osUptime": number, "osRelease": string, "runtime": string, "type": ["const": "main"],
      "processes": ["type": "array", "items": reference("ProcessInformation")],
    ],
    required: [
      "pid", "version", "status", "updated", "started", "memory", "port", "systemMemory", "loadAvg", "osUptime", "osRelease",
      "runtime", "type", "processes",
    ])
}
