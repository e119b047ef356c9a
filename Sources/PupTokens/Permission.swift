/// The permission that a call requires.
package enum Permission: String, Hashable, Sendable, CaseIterable {
  case read, logs, log, control, telemetry, ipc, plugins, admin
}

/// The target of a call.
package enum Resource: Hashable, Sendable {
  case instance
  case process(String)
  case allProcesses
  /// By its id. No scope of processes covers it.
  case plugin(String)
}
