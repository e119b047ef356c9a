/// What a process may do on Pup's own interface with the token in its environment.
package enum APITokenKind: String, Hashable, Sendable, CaseIterable {
  /// Telemetry, messages to other processes, and log lines of its own.
  case telemetry
  case admin
  /// No token at all.
  case none
}
