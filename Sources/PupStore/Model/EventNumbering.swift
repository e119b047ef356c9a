/// Where the numbering of events goes on after a start.
package struct EventNumbering: Hashable, Sendable {
  /// Stays as long as numbers continue; a new store begins a new one.
  package var epoch: String
  /// The first number to give out.
  package var next: Int64
  /// Numbers below this one may be given out; a larger block has to be reserved first.
  package var end: Int64
  /// The last event of this epoch that the store has; 0 for none.
  package var lastStored: Int64
  /// Numbers from `lastStored + 1` up to below `next` may have been given to events that nobody can show again. Empty after a
  /// clean end.
  package var uncertain: Range<Int64> { min(lastStored + 1, next)..<next }
}
