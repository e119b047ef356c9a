package import PupCore

/// One process: what runs, where, and when. A cluster's members are processes of their own.
package struct ProcessConfiguration: Hashable, Sendable {
  package enum Restart: String, Hashable, Sendable, CaseIterable { case always, error }

  package var id: ProcessID
  package var cluster: ClusterMembership?

  // MARK: What runs

  package var program: ProcessProgram
  /// Absolute.
  package var workingDirectory: String
  /// What the configuration sets; `environment(for:)` makes the whole.
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
  /// Nil where the configuration says nothing; `PupConfiguration.policy(of:)` decides then.
  package var restart: Restart?
  /// Nil where the configuration says nothing.
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
