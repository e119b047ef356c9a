/// Everything that can happen to the supervisor.
package enum Input: Hashable, Sendable {
  /// The first input of an instance without survivors: start what starts by itself and is not held down.
  case begin(desired: [DesiredState])
  /// The first input of a brain that takes over: what the state file recorded, and what the keeper says of each run.
  case takeOver(records: [ProcessRecord], runs: [RunKey: RunObservation])
  case command(Command)
  /// The program is executing.
  case spawned(RunKey, pid: Int32)
  case spawnFailed(RunKey, SpawnFailure)
  /// The leader ended. Members of its tree may live on.
  case exited(RunKey, ExitStatus)
  /// The leader and every member of its tree are gone. Comes after `exited`.
  case treeEmpty(RunKey)
  case fileChanged(ProcessID, path: String)
  /// `nextDeadline` has been reached (calling it early is harmless).
  case deadlineReached
  /// The calendar clock was set: schedules are to be calculated anew.
  case wallClockChanged
  /// Another keeper is in charge: signals that were under way to the old one may be lost.
  case keeperReplaced
  /// Stop everything, then say `allStopped`.
  case terminate(Actor)
  /// Stop waiting: SIGKILL to everything (second Ctrl-C).
  case terminateNow(Actor)
}
