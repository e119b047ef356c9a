/// What became of a write.
package enum StoreOutcome: Hashable, Sendable {
  /// It is in the file; where the write is a decision of an operator it also survives a loss of power.
  case saved
  /// It could not be written now, is kept in memory and tried again. It is lost if the supervisor ends before.
  case delayed(StoreError)
  /// It will not be written.
  case refused(StoreError)
}
