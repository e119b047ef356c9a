/// Something that a token may do.
package enum TokenScope: Hashable, Sendable {
  /// Processes, state, history, metrics, events.
  case read
  /// Reading log lines.
  case logs
  /// Writing log lines.
  case log
  case control
  /// Control of only those processes whose id matches (`*` and `?`, ignoring case).
  case controlOf(glob: String)
  case telemetry
  case ipc
  case plugins
  case admin

  /// "read", "control:web-*" …; nil for anything that is not a scope.
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
      let glob = text.dropFirst(8)
      guard text.hasPrefix("control:"), 1...128 ~= glob.utf8.count, glob.utf8.allSatisfy(Self.isGlobByte) else { return nil }
      self = .controlOf(glob: String(glob))
    }
  }

  /// The characters of ids, plus `*` and `?`.
  private static func isGlobByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "@._-*?".utf8.contains(byte)
    }
  }

  /// All scopes except `control:<glob>`.
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
