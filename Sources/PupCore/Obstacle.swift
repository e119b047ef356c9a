/// Why a process is not started.
package enum Obstacle: Hashable, Sendable {
  // MARK: Nothing may start

  /// Everything is being stopped, as this actor requested.
  case terminating(by: Cause)
  case notConfigured
  case blocked(by: Cause)
  /// An operator stopped it, and it has not been started since.
  case held(by: Cause)
  case tooManyRuns
  case noRunNumbers
  /// Nothing is supervised yet, or no longer.
  case notSupervising

  // MARK: A run is alive

  /// An operator's request finds it running.
  case alreadyRunning
  /// A schedule finds it running.
  case stillRunning
  case stillStopping
  case restarting

  // MARK: A start that was due is given up

  case nowStopped(by: Cause)
  case nowBlocked(by: Cause)
  case restartLimit
  case restartsNoMore
  case watchedNoMore

  package var words: String {
    switch self {
    case .terminating(let actor): "everything is being stopped (requested by \(actor.words))"
    case .notConfigured: "it is no longer in the configuration"
    case .blocked(let actor): "blocked by \(actor.words); unblock it first"
    case .held(let actor): "\(actor.words) stopped it; start it to release it"
    case .tooManyRuns: "\(ProcessPolicy.mostRuns) runs of it are alive, which is the maximum"
    case .noRunNumbers: "its run numbers are used up; restart Pup"
    case .notSupervising: "Pup is starting or stopping; try again in a moment"
    case .alreadyRunning: "already running"
    case .stillRunning: "still running"
    case .stillStopping: "its previous run is still being stopped"
    case .restarting: "a restart is in progress"
    case .nowStopped(let actor): "\(actor.words) stopped it"
    case .nowBlocked(let actor): "blocked by \(actor.words)"
    case .restartLimit: "its restart limit is reached"
    case .restartsNoMore: "its restart policy is now never"
    case .watchedNoMore: "it is no longer watched"
    }
  }
}
