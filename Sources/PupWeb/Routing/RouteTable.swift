internal import PupAPI

/// Every path of the interface.
enum RouteTable {
  static let all: [Route] = processes + supervisor + logs + messages + events + tokens + service

  private struct Pattern: Sendable {
    let route: Route
    let parts: [Substring]
  }

  /// By the number of segments.
  private static let patterns: [Int: [Pattern]] = Dictionary(
    grouping: all.map { Pattern(route: $0, parts: $0.path.dropFirst().split(separator: "/")) }, by: \.parts.count)

  private static func matches(_ segments: [String]) -> [(route: Route, parameters: [String: String])] {
    (patterns[segments.count] ?? []).compactMap { pattern in
      var parameters: [String: String] = [:]
      for (part, segment) in zip(pattern.parts, segments) {
        if part.hasPrefix("{") {
          parameters[String(part.dropFirst().dropLast())] = segment
        } else if part != segment {
          return nil
        }
      }
      return (pattern.route, parameters)
    }
  }

  static func match(method: String, segments: [String]) throws(PupError) -> (route: Route, parameters: [String: String]) {
    // HEAD is GET without a body, which libmicrohttpd leaves out.
    let wanted = method == "HEAD" ? "GET" : method
    let candidates = matches(segments)
    if let match = candidates.first(where: { $0.route.method.rawValue == wanted }) { return match }
    guard !candidates.isEmpty else { throw PupError(.notFound, "no such path; GET /openapi.json lists them") }
    throw PupError(.methodNotAllowed, "this path does not take \(method); see the header Allow")
  }

  static func methods(of segments: [String]) -> [String] {
    let methods = matches(segments).map(\.route.method)
    return HTTPMethod.allCases.filter(methods.contains).flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
  }

  /// `{"data": <schema>}`
  static func data(_ schema: JSONValue) -> JSONValue {
    ["type": "object", "required": ["data"], "properties": ["data": schema]]
  }

  static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }
  static func list(_ name: String) -> JSONValue { ["type": "array", "items": reference(name)] }
}
