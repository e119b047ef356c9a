/// One HTTP request for the engine.
struct HTTPRequest: Sendable {
  enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
  }

  var method: Method
  var endpoint: Endpoint
  /// Path and query, percent-encoded: "/processes?x=y".
  var target: String
  var headers: [(name: String, value: String)] = []
  var body: [UInt8]?
  /// The timeout for the whole exchange; nil for one of unlimited duration.
  var timeout: Duration?
  var connectTimeout: Duration = .seconds(3)
  /// A stream that is silent for this long is abandoned.
  var silence: Duration?
  /// A second attempt on another connection is harmless.
  var isIdempotent = true
  /// The media type that a streamed response must have.
  var expectedType: String?
  /// A PEM file of certificates to trust instead of the system's.
  var certificateAuthority: String?
}
