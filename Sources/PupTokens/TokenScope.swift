/// What a token may do.
package enum TokenScope: Hashable, Sendable {
  /// Processes, state, history, metrics, events.
  case read
  /// Reading log lines.
  case logs
  /// Writing log lines.
  case log
  case control
  /// Only processes whose id matches (`*` and `?`, without regard to case).
  case controlOf(glob: String)
  case telemetry
  case ipc
  case plugins
  case admin

  /// "read", "control:web-*" …; nil for what is no scope.
  package init?(text: String) {
    switch text {
    case "read": self = .read
    case "logs": self = .logs
    case "log": self = .log
    case "control": self = .control
    case "telemetry": self = .telemetry
    case "ipc": self = .ipc
    case "plugins": self = .plugins
    case "admin": self = .admin
    default:
      guard text.hasPrefix("control:"), text.utf8.count > 8 else { return nil }
      self = .controlOf(glob: String(text.dropFirst(8)))
    }
  }

  /// All but `control:<glob>`.
  package static let words = ["read", "logs", "log", "control", "telemetry", "ipc", "plugins", "admin"]

  package var text: String {
    switch self {
    case .read: "read"
    case .logs: "logs"
    case .log: "log"
    case .control: "control"
    case .controlOf(let glob): "control:\(glob)"
    case .telemetry: "telemetry"
    case .ipc: "ipc"
    case .plugins: "plugins"
    case .admin: "admin"
    }
  }

  /// The scopes of the token in a managed program's environment.
  package static let ofPrograms: [TokenScope] = [.telemetry, .ipc, .log]
}
