/// Transitions that streams, history and plugins hear of.
package enum Event: Hashable, Sendable {
  /// `old` is nil for a process that has just been created.
  case stateChanged(old: ProcessState?, new: ProcessState, status: ProcessStatus, actor: Actor)
  case scheduled(next: WallTime, status: ProcessStatus)
  case terminateScheduled(next: WallTime, status: ProcessStatus)
  case watchTriggered(path: String, status: ProcessStatus)
}
