/// How serious a line is, in order of urgency.
package enum LogSeverity: UInt8, Hashable, Sendable, CaseIterable, Comparable {
  case log, info, warn, error

  /// The word in a log file: "log", "info", "warn" or "error".
  package var name: String {
    switch self {
    case .log: "log"
    case .info: "info"
    case .warn: "warn"
    case .error: "error"
    }
  }

  /// Nil for any other word; case does not matter.
  package init?(_ name: String) {
    let folded = name.lowercased()
    guard let match = Self.allCases.first(where: { $0.name == folded }) else { return nil }
    self = match
  }

  package static func < (left: LogSeverity, right: LogSeverity) -> Bool { left.rawValue < right.rawValue }
}
