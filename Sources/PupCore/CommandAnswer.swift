/// The immediate answer to a command; events report everything that follows.
package enum CommandAnswer: Hashable, Sendable {
  case accepted
  /// There was nothing to do ("already running").
  case unchanged(String)
  case unknownProcess(String)
  /// "blocked: unblock it first"
  case refused(String)
}
