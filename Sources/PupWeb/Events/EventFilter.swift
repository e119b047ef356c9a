package import PupAPI
internal import PupTokens

/// Which events a reader wants, and may see.
package struct EventFilter: Hashable, Sendable {
  /// `watchdog` and `application_state` only for those who name them.
  package static let ordinary = Set(EventName.allCases.filter { $0 != .applicationState })

  package var names: Set<EventName>
  /// In lower case; nil is every process. Events about no process pass.
  package var processIds: Set<String>?
  /// Least severity of log lines.
  package var severity: APILogSeverity?

  package init(
    names: Set<EventName> = EventFilter.ordinary, processIds: Set<String>? = nil, severity: APILogSeverity? = nil
  ) {
    self.names = names
    self.processIds = processIds
    self.severity = severity
  }

  func includes(_ record: EventRecord) -> Bool {
    guard names.contains(record.name) else { return false }
    if let processIds, let id = record.processId, !processIds.contains(id) { return false }
    if let severity, let found = record.severity, found.rank < severity.rank { return false }
    return true
  }

  /// Without what the scopes do not allow.
  func limited(to scopes: Set<TokenScope>) -> EventFilter {
    var filter = self
    filter.names = names.filter { name in
      Authorizer.allows(scopes, Self.permission(for: name), .instance)
    }
    return filter
  }

  private static func permission(for name: EventName) -> Permission {
    switch name {
    case .log: .logs
    case .ipc: .ipc
    default: .read
    }
  }
}

extension APILogSeverity {
  var rank: Int {
    switch self {
    case .log: 0
    case .info: 1
    case .warn: 2
    case .error: 3
    }
  }
}
