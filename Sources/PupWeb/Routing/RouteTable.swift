internal import PupAPI

/// Every path of the interface.
enum RouteTable {
  static let all: [Route] = processes + supervisor + logs + messages + events + service

  static func match(method: String, segments: [String]) throws(PupError) -> (route: Route, parameters: [String: String]) {
    // HEAD is GET without a body, which libmicrohttpd leaves out.
    let wanted = method == "HEAD" ? "GET" : method
    var isKnown = false
    for route in all {
      guard let parameters = route.parameters(matching: segments) else { continue }
      if route.method.rawValue == wanted { return (route, parameters) }
      isKnown = true
    }
    guard isKnown else { throw PupError(.notFound, "no such path; GET /openapi.json lists them") }
    throw PupError(.methodNotAllowed, "this path does not take \(method); see the header Allow")
  }

  static func methods(of segments: [String]) -> [String] {
    let methods = all.filter { $0.parameters(matching: segments) != nil }.map(\.method)
    return HTTPMethod.allCases.filter(methods.contains).flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
  }

  /// `{"data": <schema>}`
  static func data(_ schema: JSONValue) -> JSONValue {
    ["type": "object", "required": ["data"], "properties": ["data": schema]]
  }

  static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }
  static func list(_ name: String) -> JSONValue { ["type": "array", "items": reference(name)] }
}
