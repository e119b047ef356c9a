package import PupBasics

/// The topic of one of Pup's own log lines; the raw value is written between
/// the brackets. The words for a process's life cycle are the original's.
package enum LogCategory: String, Hashable, Sendable, CaseIterable {
  // MARK: A process

  case starting
  /// A run ended successfully or because it was asked to stop.
  case finished
  /// A run failed, or could not be started.
  case errored
  /// The restart limit is reached.
  case exhausted
  /// A start is refused because of a block.
  case blocked
  /// A start is refused for any other reason.
  case refused
  case stopping
  /// An operator keeps the process stopped.
  case stop
  /// An operator's block begins.
  case block
  case unblock
  case watcher
  case cron
  case timeout
  case leftovers
  case memory
  case pidfile

  // MARK: The supervisor

  case terminate
  case takeover
  case unexpected
  case core
  case access
  case api
  case configuration
  case files
  case keeper
  case reload
  case safe
  case state
  case store
  /// A process that has left the tree of the run that started it.
  case stray
  case upgrade

  // MARK: The log itself

  /// Where lines are written to.
  case logger
  /// Lines that could not be written.
  case lost

  package var tone: LogTone {
    switch self {
    case .starting: .start
    case .finished: .end
    case .errored, .exhausted: .failure
    case .blocked, .refused, .stopping, .stop, .block, .unblock, .watcher, .cron, .timeout, .leftovers, .memory, .pidfile,
      .terminate, .takeover, .unexpected, .core, .access, .api, .configuration, .files, .keeper, .reload, .safe, .state, .store,
      .stray, .upgrade, .logger, .lost:
      .ordinary
    }
  }

  /// Whether the event of an operator's decision says the same as the line.
  package var isDecision: Bool { self == .block || self == .unblock }

  /// Whether the line reports the end of a run; the run's last output comes before it.
  package var isEnd: Bool { self == .finished || self == .errored }
}
