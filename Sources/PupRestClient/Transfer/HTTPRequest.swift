/// One HTTP request as the engine carries it out.
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
  /// The whole exchange; nil for one that may last.
  var timeout: Duration?
  var connectTimeout: Duration = .seconds(3)
  /// A stream in which nothing comes for so long is given up.
  var silence: Duration?
  /// A second attempt on another connection does no harm.
  var isIdempotent = true
  /// The media type without which a streamed answer is not taken.
  var expectedType: String?
  /// A file with certificates (PEM) to trust instead of the system's.
  var certificateAuthority: String?
}
