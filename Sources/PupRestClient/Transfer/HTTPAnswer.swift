/// The response to a request, whatever its status.
struct HTTPAnswer: Sendable {
  var status: Int
  var body: [UInt8]
  /// The delay before another attempt that the server asks for.
  var retryAfter: Duration?
}
