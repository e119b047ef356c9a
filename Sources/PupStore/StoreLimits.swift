/// How much the store keeps, and how much may wait to be stored.
package struct StoreLimits: Hashable, Sendable {
  /// Transitions kept per process.
  package var historyPerProcess = 1000
  /// Transitions kept of all processes together.
  package var history = 100_000
  /// Seconds after which a transition is forgotten.
  package var historyAge: Int64 = 90 * 86_400
  /// State events kept for streams that resume.
  package var events = 10_000
  /// Tokens in force.
  package var tokens = 10_000
  /// Seconds for which an expired token stays listed.
  package var expiredTokenAge: Int64 = 30 * 86_400
  /// Transitions and events that may wait for the disk; later ones are dropped and counted.
  package var waiting = 4096
  /// Writes that are never dropped silently (tokens, numbers of events), and questions, that may wait.
  package var waitingImportant = 1024
  /// Nanoseconds until a write that failed is tried again; doubles up to thirty times as much.
  package var retry: Int64 = 1_000_000_000

  package init() {}
}
