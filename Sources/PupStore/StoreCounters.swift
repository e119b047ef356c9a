/// What the store has done since it was opened.
package struct StoreCounters: Hashable, Sendable {
  /// Writes that are in the file.
  package var written: UInt64 = 0
  /// Transitions and events for which there was no room to wait, or that the file refused.
  package var dropped: UInt64 = 0
  /// Attempts to write that failed.
  package var failures: UInt64 = 0
  /// Writes and queries that are pending now.
  package var waiting = 0
  /// The last attempt to write failed.
  package var isFailing = false

  package init() {}
}
