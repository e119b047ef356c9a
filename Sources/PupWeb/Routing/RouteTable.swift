internal import PupAPI

/// Pup's own routes.
///
/// Data: an entry for each operation, in a file for each area.
enum RouteTable {
  static let groups = [
    RouteGroup(tag: "processes", summary: "What runs: looking and acting.", routes: processes),
    RouteGroup(tag: "supervisor", summary: "Pup itself.", routes: supervisor),
    RouteGroup(tag: "logs", summary: "Lines of programs and of Pup.", routes: logs),
    RouteGroup(tag: "messages", summary: "What programs report and send.", routes: messages),
    RouteGroup(tag: "events", summary: "What happens, as it happens.", routes: events),
    RouteGroup(tag: "tokens", summary: "Who may do what.", routes: tokens),
    RouteGroup(tag: "service", summary: "For those who watch over Pup.", routes: service),
  ]

  static let all = groups.flatMap(\.routes)

  /// `{"data": <schema>}`
  static func data(_ schema: JSONValue) -> JSONValue {
    ["type": "object", "required": ["data"], "properties": ["data": schema]]
  }

  static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }
  static func list(_ name: String) -> JSONValue { ["type": "array", "items": reference(name)] }
}
