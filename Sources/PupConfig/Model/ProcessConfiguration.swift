package import PupCore

/// One process: what runs, where, and when. Each member of a cluster is a process of its own.
package struct ProcessConfiguration: Hashable, Sendable {
  package enum Restart: String, Hashable, Sendable, CaseIterable { case always, error }

  package var id: ProcessID
  package var cluster: ClusterMembership?

  // MARK: What runs

  package var program: ProcessProgram
  /// Absolute.
  package var workingDirectory: String
  /// Only what the configuration sets; `environment(for:)` builds the complete environment.
  package var environment: [String: String] = [:]
  /// Appended to `PATH`.
  package var path: String?
  /// Absolute.
  package var pidFile: String?
  package var apiToken = APITokenKind.telemetry
  package var log = LogDestination()

  // MARK: When it runs

  package var autostart = false
  package var cron: CronSetting?
  package var terminate: CronSetting?
  /// Absolute paths.
  package var watch: [String] = []
  /// Nil if not configured; `PupConfiguration.policy(of:)` then decides.
  package var restart: Restart?
  /// Nil if not configured.
  package var restartDelayMilliseconds: Int64?
  package var restartLimit: Int?
  package var terminateGracePeriod = Delay.zero
  package var terminateTimeout = Delay.seconds(30)
  package var timeout: Delay?
  package var overrun = false
  package var leftovers = ProcessPolicy.Leftovers.kill

  package init(id: ProcessID, program: ProcessProgram, workingDirectory: String) {
    self.id = id
    self.program = program
    self.workingDirectory = workingDirectory
  }
}
