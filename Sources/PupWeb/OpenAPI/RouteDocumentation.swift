internal import PupAPI
internal import PupTokens

/// The interface as a page for people.
package enum RouteDocumentation {
  /// Markdown of every route: what it takes, what it needs, what it answers.
  package static func markdown() -> String {
    var text = """
      # REST interface

      Made from the server's table of routes. `GET /openapi.json` gives the same with every schema.

      Bodies are `{"data": …}` or `{"error": "text", "code": "word"}`. Tokens are sent as `Authorization: Bearer <token>`.

      | route | needs | does |
      |---|---|---|

      """
    for route in RouteTable.all {
      text += "| \(route.method.rawValue) `\(route.path)` | \(scopes(route)) | \(route.summary) |\n"
    }
    for route in RouteTable.all { text += section(route) }
    return text
  }

  private static func scopes(_ route: Route) -> String {
    route.permissions.isEmpty ? "–" : route.permissions.map { "`\($0.rawValue)`" }.joined(separator: " or ")
  }

  private static func section(_ route: Route) -> String {
    var text = "\n## \(route.method.rawValue) \(route.path)\n\n\(route.summary)\n"
    if !route.parameters.isEmpty { text += "\n| parameter | in | value | meaning |\n|---|---|---|---|\n" }
    for parameter in route.parameters {
      text += "| `\(parameter.name)` | \(parameter.isInPath ? "path" : "query") | \(parameter.words) | \(parameter.summary) |\n"
    }
    if let body = route.body { text += "\nBody: `\(body)`, as `application/json`.\n" }
    text += "\n| status | |\n|---|---|\n| \(route.answer.status) | \(route.answer.summary) |\n"
    for (status, codes) in route.statuses {
      text += "| \(status) | \(codes.map { "`\($0.rawValue)`" }.joined(separator: ", ")) |\n"
    }
    return text
  }
}

extension RouteParameter {
  fileprivate var words: String {
    switch kind {
    case .name(let extra, let maximum): "1–\(maximum) letters, digits, `\(extra)`"
    case .eventID: "`<epoch>-<n>`"
    case .integer(let range): "\(range.lowerBound)–\(range.upperBound)"
    case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
    case .words(let words): "list of " + words.map { "`\($0)`" }.joined(separator: ", ")
    }
  }
}
