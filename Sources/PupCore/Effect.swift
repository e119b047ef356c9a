/// What the owner of the core has to do, in this order, after it has saved the records in `takeChanged()`.
package enum Effect: Hashable, Sendable {
  case spawn(RunKey, reason: Actor)
  case signal(RunKey, Int32, SignalScope)
  /// The keeper may forget this run: its tree is empty and its exit is recorded. (Its output may still be drained.)
  case release(RunKey)
  /// A line of Pup's own log: stored as process `core`. `category` is one of starting, finished, stopping, cron, watch, terminate, refused ….
  case log(Severity, category: String, ProcessID?, String)
  case event(Event)
  case answer(UInt64, CommandAnswer)
  /// After `terminate`: every tree is empty.
  case allStopped
}
