/// What a process may do through Pup's interface with the token in its environment.
package enum APITokenKind: String, Hashable, Sendable, CaseIterable {
  /// Telemetry, messages to other processes, and its own log lines.
  case telemetry
  case admin
  /// No token at all.
  case none
}
