/// Everything that can happen to the supervisor.
package enum Input: Hashable, Sendable {
  /// The first input of an instance without survivors: start everything that starts by itself and is not held by an operator.
  case begin(desired: [DesiredState])
  /// The first input of a brain that takes over: the contents of the state file, and the keeper's report on each run.
  case takeOver(records: [ProcessRecord], runs: [RunKey: RunObservation])
  case command(Command)
  /// The program is executing.
  case spawned(RunKey, pid: Int32)
  case spawnFailed(RunKey, SpawnFailure)
  /// The leader ended. Members of its tree may still be alive.
  case exited(RunKey, ExitStatus)
  /// The leader and every member of its tree are gone. Comes after `exited`.
  case treeEmpty(RunKey)
  case fileChanged(ProcessID, path: String)
  /// `nextDeadline` has been reached (calling it early is harmless).
  case deadlineReached
  /// The calendar clock was set: schedules must be recomputed.
  case wallClockChanged
  /// Another keeper has taken over: signals in transit to the old one may be lost.
  case keeperReplaced
  /// Stop everything, then emit `allStopped`.
  case terminate(Cause)
  /// Stop waiting: SIGKILL to everything (second Ctrl-C).
  case terminateNow(Cause)
}
