/// Everything in a process's configuration that decides *when* it runs. What it runs is none of the core's business.
package struct ProcessPolicy: Hashable, Sendable {
  package enum Restart: Hashable, Sendable { case never, onError, always }
  /// What happens to processes that a finished run left behind.
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
  /// Restarts until EXHAUSTED; nil is no limit.
  package var restartLimit: Int?
  /// Between the wish to stop and SIGTERM.
  package var gracePeriod = Delay.zero
  /// Between the wish to stop and SIGKILL.
  package var terminateTimeout = Delay.seconds(30)
  /// The longest run.
  package var timeout: Delay?
  package var overrun = false
  package var leftovers = Leftovers.kill

  package init() {}
}
