/// How much the store keeps, and how much may wait to be stored.
package struct StoreLimits: Hashable, Sendable {
  /// Transitions kept per process.
  package var historyPerProcess = 1000
  /// Transitions kept of all processes together.
  package var history = 100_000
  /// Seconds after which a transition is deleted.
  package var historyAge: Int64 = 90 * 86_400
  /// State events kept for streams that resume.
  package var events = 10_000
  /// Valid tokens.
  package var tokens = 10_000
  /// Seconds for which an expired token stays listed.
  package var expiredTokenAge: Int64 = 30 * 86_400
  /// Transitions and events that may wait for the disk; later ones are dropped and counted.
  package var waiting = 4096
  /// How many writes that are never dropped silently (tokens, event numbers), and queries, may wait.
  package var waitingImportant = 1024
  /// Nanoseconds until a failed write is retried; doubles, up to thirty times as long.
  package var retry: Int64 = 1_000_000_000

  package init() {}
}
