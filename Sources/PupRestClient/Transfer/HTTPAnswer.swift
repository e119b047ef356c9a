/// The answer to a request, whatever its status.
struct HTTPAnswer: Sendable {
  var status: Int
  var body: [UInt8]
  /// What the server asks for before another attempt.
  var retryAfter: Duration?
}
