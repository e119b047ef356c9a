/// A route's path, split once. A class because it is read for every request and never changes.
final class RoutePattern: Sendable {
  enum Part {
    case literal(String)
    case parameter(String)
  }

  let route: Route
  let parts: [Part]

  init(_ route: Route) {
    self.route = route
    parts = route.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { part in
      part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  var first: String { if case .literal(let text)? = parts.first { text } else { "" } }

  var parameterNames: [String] { parts.compactMap { if case .parameter(let name) = $0 { name } else { nil } } }

  /// Ignores case, like the original's router.
  func fits(_ segments: ArraySlice<String>) -> Bool {
    guard segments.count == parts.count else { return false }
    return zip(parts, segments).allSatisfy { part, segment in
      if case .literal(let text) = part { text == segment || text == segment.lowercased() } else { true }
    }
  }

  func parameters(_ segments: ArraySlice<String>) -> [String: String] {
    var parameters: [String: String] = [:]
    for (part, segment) in zip(parts, segments) {
      if case .parameter(let name) = part { parameters[name] = segment }
    }
    return parameters
  }

  /// Whether there is a path that fits both.
  func overlaps(_ other: RoutePattern) -> Bool {
    guard parts.count == other.parts.count else { return false }
    return zip(parts, other.parts).allSatisfy { one, two in
      if case (.literal(let text), .literal(let other)) = (one, two) { text == other } else { true }
    }
  }
}
