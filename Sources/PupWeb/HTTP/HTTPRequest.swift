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
  /// HTTP/1.1, and the client did not ask for the end of the connection.
  package var keepsConnection = true
  /// HTTP/1.0 knows no chunks and no upgrade.
  package var isOld = false

  /// The first one of that name; an empty one is as good as none.
  package func parameter(_ name: String) -> String? {
    query.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// The value of an operation's parameter.
  /// - Parameter path: the values of the path's `{…}`.
  func value(of parameter: OperationParameter, in path: [String: String]) -> String? {
    switch parameter.place {
    case .path: path[parameter.name]
    // An empty one is none.
    case .query: self.parameter(parameter.name)
    // HTTP/1.0 knows no upgrade.
    case .header: isOld && parameter.name == "Upgrade" ? nil : headers[parameter.name.lowercased()]
    }
  }

  /// The media type of the body, in lower case and without parameters.
  var mediaType: String? {
    headers["content-type"].map { String($0.prefix { $0 != ";" && $0 != " " }).lowercased() }
  }
}
