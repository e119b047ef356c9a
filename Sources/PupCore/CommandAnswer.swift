/// The immediate answer to a command; events report everything that follows.
package enum CommandAnswer: Hashable, Sendable {
  case accepted
  case unchanged(Unchanged)
  case unknownProcess(String)
  case refused(Obstacle)

  /// Why there was nothing to do.
  package enum Unchanged: Hashable, Sendable {
    case alreadyRunning
    case restarting
    case alreadyStopped
    case alreadyStopping
    case alreadyBlocked(by: Cause)
    case notBlocked
    case noProcesses

    package var words: String {
      switch self {
      case .alreadyRunning: Obstacle.alreadyRunning.words
      case .restarting: Obstacle.restarting.words
      case .alreadyStopped: "already stopped"
      case .alreadyStopping: "already stopping"
      case .alreadyBlocked(let actor): "already blocked by \(actor.words)"
      case .notBlocked: "not blocked"
      case .noProcesses: "there are no processes"
      }
    }
  }
}
