internal import PupAPI
internal import PupTokens

/// A row of the table from which requests are dispatched and the documentation is made.
struct Route: Sendable {
  struct Answer: Sendable {
    var status = 200
    var summary: String
    var type = "application/json"
    /// JSON Schema of the whole body; nil where it is no JSON.
    var schema: JSONValue?
    /// Beside those that every answer has.
    var headers: [AnswerHeader] = []
  }

  /// Also the operation's id.
  var name: String
  var method: HTTPMethod
  /// "/processes/{id}"
  var path: String
  var summary: String
  /// The token needs one of these; none: no token needed.
  var permissions: [Permission]
  var parameters: [RouteParameter] = []
  /// The name of a schema.
  var body: String?
  var answer: Answer
  var errors: [PupErrorCode] = []
  let handle: @Sendable (APIService, Exchange) throws(PupError) -> Void

  /// - Parameter path: the values of the path's `{…}`.
  func checkParameters(_ path: [String: String], _ request: HTTPRequest) throws(PupError) {
    for parameter in parameters {
      let value =
        switch parameter.place {
        case .path: path[parameter.name]
        case .query: request.parameter(parameter.name)
        case .header: request.headers[parameter.name.lowercased()]
        }
      if let value { try parameter.check(value) }
    }
  }

  func checkBody(_ request: HTTPRequest) throws(PupError) {
    guard body != nil else { return }
    guard request.mediaType == "application/json" else {
      throw PupError(.unsupportedMediaType, "send the body as Content-Type: application/json")
    }
  }
}
