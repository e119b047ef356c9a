/// The keeper's report on a run when a new brain takes over.
package enum RunObservation: Hashable, Sendable {
  case spawning
  case alive(pid: Int32)
  case spawnFailed(SpawnFailure)
  /// The leader ended; members of its tree are still alive.
  case exited(ExitStatus)
  /// The leader ended and the tree is empty.
  case ended(ExitStatus)
}
