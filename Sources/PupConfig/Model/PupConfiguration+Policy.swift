package import PupCore

extension PupConfiguration {
  /// When a process runs, with the defaults that depend on other keys: an unset `restart` keeps a process running that starts by
  /// itself (`autostart`, `watch`); if `restartDelayMs` is set, it delays every restart; if unset, the delay is shorter after a
  /// change to a watched file.
  package static func policy(of process: ProcessConfiguration) -> ProcessPolicy {
    var policy = ProcessPolicy()
    policy.autostart = process.autostart
    policy.cron = process.cron?.schedule
    policy.terminateCron = process.terminate?.schedule
    policy.watches = !process.watch.isEmpty
    policy.restart =
      switch process.restart {
      case .always: .always
      case .error: .onError
      case nil: process.autostart || policy.watches ? .always : .never
      }
    policy.restartDelay = .milliseconds(process.restartDelayMilliseconds ?? ConfigurationDefaults.restartDelayMilliseconds)
    policy.watchRestartDelay = .milliseconds(
      process.restartDelayMilliseconds ?? ConfigurationDefaults.watchRestartDelayMilliseconds)
    policy.restartLimit = process.restartLimit
    policy.gracePeriod = process.terminateGracePeriod
    policy.terminateTimeout = process.terminateTimeout
    policy.timeout = process.timeout
    policy.overrun = process.overrun
    policy.leftovers = process.leftovers
    return policy
  }
}
