internal import PupCore

extension ProcessConfiguration {
  fileprivate var isPythonScript: Bool {
    guard case .worker(let words) = program, let script = words.first else { return false }
    return Interpreter.extensionOf(script) == "py"
  }
}

extension PupConfiguration {
  /// Folders and numbers passed to a program in its environment.
  package struct Instance: Hashable, Sendable {
    package var temporaryStorage: String
    package var dataStorage: String
    /// Where the interface listens; nil if it does not.
    package var apiHostname: String?
    package var apiPort: UInt16?
    /// The Unix socket, which needs no port.
    package var apiSocket: String?
    /// Whether the interface uses HTTPS.
    package var isSecure = false
    package var apiToken: String?

    package init(temporaryStorage: String, dataStorage: String) {
      self.temporaryStorage = temporaryStorage
      self.dataStorage = dataStorage
    }
  }

  /// Variables that a service manager sets for its own child, which is Pup and not the program.
  package static let serviceManagerVariables: Set<String> = [
    "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "JOURNAL_STREAM",
    "INVOCATION_ID", "MAINPID", "MANAGERPID", "SYSTEMD_EXEC_PID",
  ]

  /// The complete environment of a program: what Pup inherited, except variables intended for Pup or set by an outer Pup; then
  /// the process's `env` and `path`; then Pup's own variables. Later values win.
  package static func environment(
    for process: ProcessConfiguration, base: [String: String], instance: Instance
  ) -> [String: String] {
    var result = base.filter { !serviceManagerVariables.contains($0.key) && !$0.key.hasPrefix("PUP_") }
    result.merge(process.environment) { _, configured in configured }
    if process.path?.isEmpty == false { result["PATH"] = CommandPlan.searchPath(of: process, base: base) }
    // Python buffers 8 kB when it writes to a pipe; output could be delayed for hours, or lost when the process is stopped.
    if process.isPythonScript, result["PYTHONUNBUFFERED"] == nil { result["PYTHONUNBUFFERED"] = "1" }
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
