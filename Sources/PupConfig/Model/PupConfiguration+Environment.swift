internal import PupCore

extension PupConfiguration {
  /// Folders and numbers that a program is told by its environment.
  package struct Instance: Hashable, Sendable {
    package var temporaryStorage: String
    package var dataStorage: String
    /// Where the interface listens; nil where it does not.
    package var apiHostname: String?
    package var apiPort: UInt16?
    /// The unix socket, which needs no port.
    package var apiSocket: String?
    /// Speaks HTTPS.
    package var isSecure = false
    package var apiToken: String?

    package init(temporaryStorage: String, dataStorage: String) {
      self.temporaryStorage = temporaryStorage
      self.dataStorage = dataStorage
    }
  }

  /// What a service manager tells its own child, which is Pup and not the program.
  package static let serviceManagerVariables: Set<String> = [
    "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "JOURNAL_STREAM",
    "INVOCATION_ID", "MAINPID", "MANAGERPID", "SYSTEMD_EXEC_PID",
  ]

  /// The whole environment of a program: what Pup inherited, less what was meant for Pup or comes from an outer Pup; over it the
  /// process's `env` and `path`; over that what Pup tells.
  package static func environment(
    for process: ProcessConfiguration, base: [String: String], instance: Instance
  ) -> [String: String] {
    var result = base.filter { !serviceManagerVariables.contains($0.key) && !$0.key.hasPrefix("PUP_") }
    result.merge(process.environment) { _, configured in configured }
    if process.path?.isEmpty == false { result["PATH"] = CommandPlan.searchPath(of: process, base: base) }
    result["PUP_PROCESS_ID"] = process.id.text
    result["PUP_TEMP_STORAGE"] = instance.temporaryStorage
    result["PUP_DATA_STORAGE"] = instance.dataStorage
    result["PUP_API_HOSTNAME"] = instance.apiPort == nil ? nil : instance.apiHostname
    result["PUP_API_PORT"] = instance.apiPort.map(String.init)
    result["PUP_API_SOCKET"] = instance.apiSocket
    if instance.isSecure { result["PUP_API_TLS"] = "1" }
    result["PUP_API_TOKEN"] = instance.apiToken
    if let cluster = process.cluster {
      result["PUP_CLUSTER_INSTANCE"] = String(cluster.instance)
      if let port = cluster.port { result["PUP_CLUSTER_PORT"] = String(port) }
    }
    return result
  }
}
