internal import PupBasics

/// Everything in a process's configuration that decides *when* it runs. What it runs does not concern the core.
package struct ProcessPolicy: Hashable, Sendable {
  package enum Restart: Hashable, Sendable { case never, onError, always }
  /// What to do with processes that a finished run left behind.
  package enum Leftovers: Hashable, Sendable { case kill, keep }

  package var autostart = false
  /// Start on this schedule.
  package var cron: CronSchedule?
  /// End the run on this schedule; the restart policy then applies.
  package var terminateCron: CronSchedule?
  package var watches = false
  package var restart = Restart.never
  package var restartDelay = Delay.milliseconds(10_000)
  package var watchRestartDelay = Delay.milliseconds(500)
  /// Number of restarts until EXHAUSTED; nil means no limit.
  package var restartLimit: Int?
  /// Time between a stop request and SIGTERM.
  package var gracePeriod = Delay.zero
  /// Time between a stop request and SIGKILL.
  package var terminateTimeout = Delay.seconds(30)
  /// The maximum duration of a run.
  package var timeout: Delay?
  package var overrun = false
  package var leftovers = Leftovers.kill

  /// The maximum number of runs of one process that are alive at the same time, with `overrun` or with kept leftovers.
  package static let mostRuns = RunLimit.alive

  package init() {}
}
