/// What a call needs.
package enum Permission: String, Hashable, Sendable, CaseIterable {
  case read, logs, log, control, telemetry, ipc, plugins, admin
}

/// What a call is about.
package enum Resource: Hashable, Sendable {
  case instance
  case process(String)
  case allProcesses
}
