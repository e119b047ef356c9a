internal import PupAPI

/// An immutable set of routes, prepared for matching. To serve other routes, another router takes its place; a request stays with
/// the router that was in place when its head arrived.
package final class Router: Sendable {
  let groups: [RouteGroup]
  /// The response headers that a page of another origin may read, as the value of a header.
  let exposedHeaders: String
  /// By the first segment, which is a literal in every path.
  private let patterns: [String: [RoutePattern]]
  private let operations: [String: Operation]

  /// If several routes fit a request, the first one is used.
  package init(_ groups: [RouteGroup]) {
    self.groups = groups
    let routes = groups.flatMap(\.routes)
    patterns = Dictionary(grouping: routes.map(RoutePattern.init), by: \.first)
    operations = Dictionary(routes.map { ($0.operation.name, $0.operation) }) { first, _ in first }
    var names = ["X-Request-Id"]
    for header in routes.flatMap(\.operation.answer.headers) where !names.contains(header.name) { names.append(header.name) }
    exposedHeaders = names.joined(separator: ", ")
  }

  /// For channels, which call operations by name.
  func operation(named name: String) -> Operation? { operations[name] }

  // MARK: - Requests

  func match(method: String, segments: [String]) throws(PupError) -> (route: Route, parameters: [String: String]) {
    // HEAD is GET without a body, which the connection leaves out.
    let wanted = method == "HEAD" ? "GET" : method
    let segments = Self.trimmed(segments)
    let candidates = matches(segments)
    if let match = candidates.first(where: { $0.route.method.rawValue == wanted }) {
      return (match.route, match.parameters(segments))
    }
    guard !candidates.isEmpty else { throw PupError(.notFound, "no such path; GET /openapi.json lists them") }
    throw PupError(.methodNotAllowed, "this path does not take \(method); see the header Allow")
  }

  /// The methods that the path takes; empty for an unknown path.
  func methods(of segments: [String]) -> [String] {
    let methods = matches(Self.trimmed(segments)).map(\.route.method)
    return HTTPMethod.allCases.filter(methods.contains).flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
  }

  /// Ignores a slash at the end, like the original's router.
  private static func trimmed(_ segments: [String]) -> ArraySlice<String> {
    segments.count > 1 && segments.last == "" ? segments.dropLast() : segments[...]
  }

  private func matches(_ segments: ArraySlice<String>) -> [RoutePattern] {
    guard let first = segments.first else { return [] }
    return (patterns[first] ?? patterns[first.lowercased()] ?? []).filter { $0.fits(segments) }
  }

  // MARK: - More routes

  /// Returns a router with additional routes, which must be well-formed and must not conflict with existing ones.
  package func mounting(_ group: RouteGroup) throws(MountProblem) -> Router {
    guard !groups.contains(where: { $0.tag == group.tag }) else {
      throw MountProblem(what: "\(group.tag): routes", reason: "there is a group of this name")
    }
    for (index, route) in group.routes.enumerated() {
      let others = Array(patterns.values.joined()) + group.routes[..<index].map(RoutePattern.init)
      if let reason = RoutePattern(route).problem(beside: others) {
        throw MountProblem(what: "\(route.operation.name) (\(route.method.rawValue) \(route.path))", reason: reason)
      }
    }
    return Router(groups + [group])
  }
}
