package import PupAPI
package import PupTokens

/// Something that a client can ask for, regardless of the channel: what it takes, what it requires, and what it does. Routes
/// serve it over HTTP, and the documentation is generated from it. A class because it is read for every call and never changes.
package final class Operation: Sendable {
  package struct Answer: Sendable {
    var status: Int
    var summary: String
    var type: String
    /// The JSON Schema of the body; nil if the body is not JSON.
    var schema: JSONValue?
    /// Headers in addition to those of every answer.
    var headers: [AnswerHeader]
    /// True for an answer that has no end of its own.
    var isStream: Bool { type == "text/event-stream" }

    package init(
      status: Int = 200, summary: String, type: String = "application/json", schema: JSONValue? = nil,
      headers: [AnswerHeader] = []
    ) {
      self.status = status
      self.summary = summary
      self.type = type
      self.schema = schema
      self.headers = headers
    }
  }

  /// Unique, also among the operations of plugins: metrics, the documentation and channels use it.
  package let name: String
  let summary: String
  /// The caller needs one of these. If there is none, no token is required.
  package let permissions: [Permission]
  /// The resource that a call acts on.
  let resource: ResourceRule
  let parameters: [OperationParameter]
  /// The name of a schema.
  let body: String?
  let answer: Answer
  let errors: [PupErrorCode]
  /// Programs send it all the time, so single calls are not logged.
  let isReport: Bool
  let handle: @Sendable (any Call) throws(PupError) -> Void

  /// - Parameter handle: runs on the web loop and must not block; answers the call, now or later, or throws.
  package init(
    name: String, summary: String, permissions: [Permission], resource: ResourceRule = .instance,
    parameters: [OperationParameter] = [], body: String? = nil, answer: Answer, errors: [PupErrorCode] = [],
    isReport: Bool = false, handle: @escaping @Sendable (any Call) throws(PupError) -> Void
  ) {
    self.name = name
    self.summary = summary
    self.permissions = permissions
    self.resource = resource
    self.parameters = parameters
    self.body = body
    self.answer = answer
    self.errors = errors
    self.isReport = isReport
    self.handle = handle
  }

  /// - Parameter value: returns the value of a parameter; nil if the call has none.
  func checkParameters(_ value: (OperationParameter) -> String?) throws(PupError) {
    for parameter in parameters {
      if let value = value(parameter) {
        try parameter.check(value)
      } else if parameter.isInPath {
        throw PupError(.invalidParameter, "the parameter \(parameter.name) is missing")
      }
    }
  }

  /// - Parameter mediaType: the type of the body; nil means JSON.
  func checkBody(_ mediaType: @autoclosure () -> String?) throws(PupError) {
    guard body != nil else { return }
    // `curl -d` calls any body a form. Pages of other origins can send forms as well, but no token: there are no cookies here.
    let type = mediaType() ?? "application/json"
    guard type == "application/json" || type == "application/x-www-form-urlencoded" else {
      throw PupError(.unsupportedMediaType, "send the body as Content-Type: application/json")
    }
  }
}
