package import PupAPI

/// An answer before it is sent.
package struct HTTPResponse: Sendable {
  enum Content: Sendable {
    case bytes([UInt8])
    case events(EventStream)
    case webSocket(accept: String)
  }

  package var status: Int
  package var headers: [(name: String, value: String)]
  var content: Content

  package init(status: Int, type: String, body: [UInt8]) {
    self.status = status
    headers = [("Content-Type", type), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    content = .bytes(body)
  }

  init(stream: EventStream) {
    status = 200
    headers = [("Content-Type", "text/event-stream; charset=utf-8"), ("Cache-Control", "no-store"), ("X-Accel-Buffering", "no")]
    content = .events(stream)
  }

  init(upgradeWithAccept accept: String) {
    status = 101
    headers = [("Upgrade", "websocket"), ("Sec-WebSocket-Accept", accept)]
    content = .webSocket(accept: accept)
  }

  /// To a browser that asks before it sends a page's request.
  static func preflight(_ methods: [String]) -> HTTPResponse {
    var response = HTTPResponse(status: 204, type: "text/plain", body: [])
    response.headers = [
      ("Access-Control-Allow-Methods", methods.joined(separator: ", ")),
      ("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID"), ("Access-Control-Max-Age", "600"),
    ]
    return response
  }

  /// `{"data": …}`
  package static func data(_ value: some JSONEncodable, status: Int = 200) -> HTTPResponse {
    var writer = JSONWriter()
    writer.object { $0.member("data", value) }
    return HTTPResponse(status: status, type: "application/json", body: writer.bytes)
  }

  /// `{"error": "text", "code": "word"}`
  package static func error(_ error: PupError) -> HTTPResponse {
    var response = HTTPResponse(status: error.status, type: "application/json", body: error.jsonBytes)
    if error.code == .unauthorized { response.headers.append(("WWW-Authenticate", "Bearer")) }
    if error.code == .unavailable || error.code == .tooManyRequests { response.headers.append(("Retry-After", "1")) }
    return response
  }
}
