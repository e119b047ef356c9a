internal import PupInstance
internal import PupSystem
internal import PupWeb

extension APIBackend {
  /// The interface's view of the brain, with a type for each area. Calls arrive on the web loop; each becomes a job for the loop
  /// that has the answer.
  init(_ daemon: Daemon, logs directory: String) {
    self.init(
      processes: DaemonProcesses(daemon: daemon), history: DaemonHistory(daemon: daemon),
      logs: DaemonLogs(daemon: daemon, directory: directory), messages: DaemonMessages(daemon: daemon),
      tokens: DaemonTokens(daemon: daemon), supervisor: DaemonSupervisor(daemon: daemon),
      access: DaemonAccessLog(daemon: daemon))
  }
}
