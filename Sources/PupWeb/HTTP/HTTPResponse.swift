internal import PupAPI

/// An answer before it is sent.
struct HTTPResponse: Sendable {
  enum Content: Sendable {
    case none
    /// What a stream's answer begins with, for HEAD: how long the content would be is not known.
    case streamHead(type: String)
    case bytes([UInt8], type: String)
    case stream(any BodySource)
    case upgrade(Upgrade)
  }

  var status: Int
  /// Headers in addition to those that follow from the content.
  var headers: [(name: String, value: String)]
  let content: Content

  init(_ answer: CallAnswer) {
    switch answer {
    case .content(let content):
      (status, headers) = (content.status, content.headers)
      self.content = .bytes(content.bytes, type: content.type)
    case .failure(let error):
      let json = CallContent.json(error.jsonBytes, status: error.status)
      (status, headers, content) = (json.status, [], .bytes(json.bytes, type: json.type))
      if error.code == .unauthorized { headers.append(("WWW-Authenticate", "Bearer")) }
      if error.code == .unavailable || error.code == .tooManyRequests { headers.append(("Retry-After", "1")) }
    case .stream(let source): (status, headers, content) = (answer.status, [], .stream(source))
    case .upgrade(let upgrade): (status, headers, content) = (answer.status, upgrade.headers, .upgrade(upgrade))
    }
  }

  private init(_ status: Int, _ content: Content, headers: [(name: String, value: String)] = []) {
    (self.status, self.content, self.headers) = (status, content, headers)
  }

  /// The answer to a browser that asks before it sends a page's request.
  static func preflight(_ methods: [String]) -> HTTPResponse {
    HTTPResponse(
      204, .none,
      headers: [
        ("Access-Control-Allow-Methods", methods.joined(separator: ", ")),
        ("Access-Control-Allow-Headers", "Authorization, Content-Type, Last-Event-ID"), ("Access-Control-Max-Age", "600"),
      ])
  }

  /// The answer to a client that asks for the methods of a path.
  static func methods(_ methods: [String]) -> HTTPResponse {
    HTTPResponse(204, .none, headers: [("Allow", (methods + ["OPTIONS"]).joined(separator: ", "))])
  }

  /// Only the head of a stream.
  static func streamHead(_ type: String) -> HTTPResponse { HTTPResponse(200, .streamHead(type: type)) }

  /// The client has left. A stream that nobody reads must not stay open.
  func discard() {
    if case .stream(let source) = content { source.closed() }
  }

  /// `{"error": "text", "code": "word"}`
  static func error(_ error: PupError) -> HTTPResponse { HTTPResponse(.failure(error)) }
}
