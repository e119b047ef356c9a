internal import PupSystem

/// What a brain has around it beside its sockets. A unit test leaves out what would start threads and processes.
struct BrainSurroundings: Sendable {
  /// The pump that moves output to the logs, on a thread of its own. Without it lines of the brain's own wait, as before its
  /// welcome, and output stays in its pipes.
  var hasLogs = true
  /// Database, events, HTTP.
  var hasInterface = true
  /// Starts a keeper in place of one that died, and gives this brain's ends of the sockets to it; nil for a process.
  var startKeeper: (@Sendable () throws(StartFailure) -> KeeperSockets)?
}
