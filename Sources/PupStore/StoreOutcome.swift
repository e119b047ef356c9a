/// The outcome of a write.
package enum StoreOutcome: Hashable, Sendable {
  /// It is in the file; an operator's decision also survives a power failure.
  case saved
  /// It could not be written now; it is kept in memory and retried. It is lost if the supervisor ends first.
  case delayed(StoreError)
  /// It will not be written.
  case refused(StoreError)
}
