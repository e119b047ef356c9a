internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let service: [Route] = [
    Route(
      .get, "/healthz",
      Operation(
        name: "getHealth", summary: "Whether the supervisor lives.", permissions: [],
        answer: .init(summary: "It does.", schema: data(["type": "object", "properties": ["status": ["type": "string"]]]))
      ) { (call) throws(PupError) in
        call.answer(data: JSONValue.object(JSONObject([("status", "ok")])))
      }),
    Route(
      .get, "/readyz",
      Operation(
        name: "getReadiness", summary: "Whether the supervisor takes requests.", permissions: [],
        answer: .init(summary: "It does.", schema: data(["type": "object", "properties": ["status": ["type": "string"]]])),
        errors: [.unavailable]
      ) { (call) throws(PupError) in
        call.services.backend.supervisor.readiness(
          call.services.onLoop { error in
            if let error { call.answer(error) } else { call.answer(data: ["status": "ready"] as JSONValue) }
          })
      }),
    Route(
      .get, "/metrics",
      Operation(
        name: "getMetrics", summary: "Numbers for Prometheus.", permissions: [.read],
        answer: .init(summary: "Prometheus text format 0.0.4.", type: "text/plain")
      ) { (call) throws(PupError) in
        let services = call.services
        services.backendMetrics.get { text in
          let body = text + services.serverMetrics()
          call.answer(.content(CallContent(type: "text/plain; version=0.0.4; charset=utf-8", bytes: Array(body.utf8))))
        }
      }),
    Route(
      .get, "/openapi.json",
      Operation(
        name: "getOpenAPI", summary: "This interface as an OpenAPI 3.1 document.",
        permissions: [], answer: .init(summary: "The document.", schema: ["type": "object"])
      ) { (call) throws(PupError) in
        call.answer(.content(.json(call.services.describe())))
      }),
  ]
}
