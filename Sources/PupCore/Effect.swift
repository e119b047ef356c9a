/// An action for the core's owner to perform, in this order, after saving the records in `takeChanged()`.
package enum Effect: Hashable, Sendable {
  case spawn(RunKey, reason: Cause)
  case signal(RunKey, Int32, SignalScope)
  /// The keeper may forget this run: its tree is empty and its exit is recorded. (Its output may still be drained.)
  case release(RunKey)
  /// One of Pup's own log lines: about this process and stored with it, if there is one; otherwise about the supervisor.
  case log(Severity, LogCategory, ProcessID?, String)
  /// A line about a process that says the same as the event of its new state.
  case logChange(Severity, LogCategory, ProcessID, String)
  /// A start that does not happen; it is logged like any other line about this process.
  case refused(ProcessID, Refusal)
  case event(Event)
  case answer(UInt64, CommandAnswer)
  /// After `terminate`: every tree is empty.
  case allStopped
}
