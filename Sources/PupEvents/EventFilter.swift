package import PupAPI
package import PupTokens

/// Which events a reader wants, and may see.
package struct EventFilter: Hashable, Sendable {
  /// `application_state` only for readers that name it.
  package static let ordinary = EventNames.allBut([.applicationState])

  /// Lines about requests. They would loop for a client that sends a request for each line.
  package static let accessCategory = "access"

  package var names: EventNames
  /// In lower case; nil is every process. Events about no process pass.
  package var processIds: Set<String>?
  /// Minimum severity of log lines.
  package var severity: APILogSeverity?
  /// Of log lines; nil is every category but `access`.
  package var categories: Set<String>?

  package init(
    names: EventNames = EventFilter.ordinary, processIds: Set<String>? = nil, severity: APILogSeverity? = nil,
    categories: Set<String>? = nil
  ) {
    self.categories = categories
    self.names = names
    self.processIds = processIds
    self.severity = severity
  }

  func includes(_ record: EventRecord) -> Bool {
    guard names.contains(record.name) else { return false }
    if let processIds, let id = record.processId, !processIds.contains(id) { return false }
    if let severity, let found = record.severity, found.rank < severity.rank { return false }
    guard let category = record.category else { return true }
    return categories?.contains(category) ?? (category != Self.accessCategory)
  }

  /// Without what the scopes do not allow.
  package func limited(to scopes: Set<TokenScope>) -> EventFilter {
    var filter = self
    filter.names = names.filtered(
      special: Set(Self.special.keys), others: Authorizer.allows(scopes, .read, .instance)
    ) { name in
      Self.special[name].map { Authorizer.allows(scopes, $0, .instance) } ?? false
    }
    return filter
  }

  /// What needs another permission than `read`.
  private static let special: [EventName: Permission] = [.log: .logs, .ipc: .ipc]
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
