/// The answer to a command, given at once; what follows is told by events.
package enum CommandAnswer: Hashable, Sendable {
  case accepted
  /// Nothing had to be done ("already running").
  case unchanged(String)
  case unknownProcess(String)
  /// "blocked: unblock it first"
  case refused(String)
}
