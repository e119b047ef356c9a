/// Transitions that are reported to streams, history and plugins.
package enum Event: Hashable, Sendable {
  /// `old` is nil for a newly created process.
  case stateChanged(old: ProcessState?, new: ProcessState, status: ProcessStatus, actor: Cause)
  /// An operator's decision that changes no state: the process was
  /// blocked or unblocked, or is kept stopped while nothing was running.
  case flagChanged(status: ProcessStatus, actor: Cause)
  case scheduled(next: WallTime, status: ProcessStatus)
  case terminateScheduled(next: WallTime, status: ProcessStatus)
  case watchTriggered(path: String, status: ProcessStatus)
}
