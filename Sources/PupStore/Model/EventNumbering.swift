/// Where the numbering of events continues after a start.
package struct EventNumbering: Hashable, Sendable {
  /// Unchanged as long as the numbers continue; a new store begins a new epoch.
  package var epoch: String
  /// The first number to assign.
  package var next: Int64
  /// Numbers below this one may be assigned; for more, another block has to be reserved first.
  package var end: Int64
  /// The last event of this epoch that the store has; 0 for none.
  package var lastStored: Int64
  /// Numbers from `lastStored + 1` up to below `next` may have been given to events that cannot be shown again. Empty after a
  /// clean end.
  package var uncertain: Range<Int64> { min(lastStored + 1, next)..<next }
}
