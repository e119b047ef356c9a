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
  /// The managed program itself: it began to execute, or it ended.
  case program
}

extension Actor {
  /// Somebody who wants just this, now; not a rule.
  var isOperator: Bool {
    switch self {
    case .consumer, .signal: true
    case .configuration, .autostart, .cron, .terminateCron, .watch, .restartPolicy, .timeout, .takeOver, .program: false
    }
  }

  /// As a sentence names it.
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
