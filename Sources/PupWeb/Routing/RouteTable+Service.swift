internal import PupAPI
internal import PupTokens

extension RouteTable {
  static let service: [Route] = [
    Route(
      name: "getHealth", method: .get, path: "/healthz", summary: "Whether the supervisor lives.", permissions: [],
      answer: .init(summary: "It does.", schema: data(["type": "object", "properties": ["status": ["type": "string"]]]))
    ) { (_, exchange) throws(PupError) in
      exchange.answer(data: JSONValue.object(JSONObject([("status", "ok")])))
    },
    Route(
      name: "getReadiness", method: .get, path: "/readyz", summary: "Whether the supervisor takes requests.", permissions: [],
      answer: .init(summary: "It does.", schema: data(["type": "object", "properties": ["status": ["type": "string"]]])),
      errors: [.unavailable]
    ) { (service, exchange) throws(PupError) in
      service.backend.readiness(
        service.onLoop { error in
          if let error { exchange.answer(error) } else { exchange.answer(data: ["status": "ready"] as JSONValue) }
        })
    },
    Route(
      name: "getMetrics", method: .get, path: "/metrics", summary: "Numbers for Prometheus.", permissions: [.read],
      answer: .init(summary: "Prometheus text format 0.0.4.", type: "text/plain")
    ) { (service, exchange) throws(PupError) in
      service.backendMetrics.get { [weak service] text in
        let body = text + (service?.metricsText ?? "")
        exchange.answer(HTTPResponse(status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: Array(body.utf8)))
      }
    },
    Route(
      name: "getOpenAPI", method: .get, path: "/openapi.json", summary: "This interface as an OpenAPI 3.1 document.",
      permissions: [], answer: .init(summary: "The document.", schema: ["type": "object"])
    ) { (service, exchange) throws(PupError) in
      exchange.answer(HTTPResponse(status: 200, type: "application/json", body: service.openAPI))
    },
  ]
}

extension APIService {
  /// The web server's own numbers.
  var metricsText: String {
    var text = metrics.text
    text += "# HELP pup_http_streams Open event streams and WebSockets.\n# TYPE pup_http_streams gauge\n"
    text += "pup_http_streams{kind=\"events\"} \(streams.count)\npup_http_streams{kind=\"websocket\"} \(sessions.count)\n"
    text += "# HELP pup_http_authentication_failures_total Tokens that were refused.\n"
    text += "# TYPE pup_http_authentication_failures_total counter\n"
    let counts = authorizer.failureCounts
    for failure in AuthenticationFailure.allCases {
      text += "pup_http_authentication_failures_total{reason=\"\(failure)\"} \(counts[failure] ?? 0)\n"
    }
    return text
  }
}
