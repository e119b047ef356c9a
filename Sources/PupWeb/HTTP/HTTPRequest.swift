/// A request whose head has been checked.
package struct HTTPRequest: Sendable {
  /// Ours; comes back as `X-Request-Id` and stands in the access log.
  package var id: String
  package var method: String
  /// Whose name the client has asked for, with the port where it sent one.
  package var host: String
  /// As it was sent, without the query.
  package var path: String
  /// Decoded.
  package var segments: [String]
  /// Decoded, in order.
  package var query: [(name: String, value: String)]
  package var headers: HTTPHeaders
  package var body: [UInt8] = []
  package var isLocal: Bool

  package func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// The media type of the body, in lower case and without parameters.
  var mediaType: String? {
    headers["content-type"].map { String($0.prefix { $0 != ";" && $0 != " " }).lowercased() }
  }
}
