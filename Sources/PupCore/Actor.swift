/// Who or what caused a transition. Stored with it, so that it can be explained.
package enum Actor: Hashable, Sendable {
  /// A person or program behind a token, or a command-line user.
  case consumer(String)
  /// A signal to `pup run`.
  case signal(Int32)
  case configuration
  case autostart
  case cron
  case terminateCron
  case watch
  case restartPolicy
  case timeout
  case takeOver
}
