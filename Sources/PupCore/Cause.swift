/// Who or what caused a transition. Stored with the transition so that it can be explained.
package enum Cause: Hashable, Sendable {
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
  /// The managed program itself: it ended.
  case program
}

extension Cause {
  /// A person's one-time request, as opposed to a rule.
  var isOperator: Bool {
    switch self {
    case .consumer, .signal: true
    case .configuration, .autostart, .cron, .terminateCron, .watch, .restartPolicy, .timeout, .takeOver, .program: false
    }
  }

  /// The name used in sentences.
  package var words: String {
    switch self {
    case .consumer(let name): name.isEmpty ? "an operator" : name
    case .signal(let number): SignalName.of(number)
    case .configuration: "the configuration"
    case .autostart: "autostart"
    case .cron: "cron"
    case .terminateCron: "the terminate schedule"
    case .watch: "a changed file"
    case .restartPolicy: "the restart policy"
    case .timeout: "the time limit"
    case .takeOver: "the take-over"
    case .program: "the program"
    }
  }
}
