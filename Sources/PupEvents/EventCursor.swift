/// How far a reader has got.
package struct EventCursor: Sendable {
  var state: UInt64
  var bulk: UInt64
  /// The number of the last event that the reader has passed.
  package var sequence: UInt64
  /// Losses up to these numbers have been reported.
  var toldState: UInt64 = 0
  var toldBulk: UInt64 = 0
  /// Up to here, the reader got a notice that any number of events may be lost.
  var toldUncounted: UInt64 = 0
  /// The reader comes from another epoch, and has not been notified yet.
  var isStranger = false
}

/// Events that a reader did not get.
package struct LostEvents: Hashable, Sendable {
  /// Nil if the reader comes from another epoch.
  package var from: UInt64?
  package var to: UInt64
  /// At most this many; nil if unknown.
  package var count: UInt64?

  /// Both losses as one; they may overlap.
  func joined(with other: LostEvents) -> LostEvents {
    let from = from.flatMap { first in other.from.map { min(first, $0) } }
    let to = max(to, other.to)
    let count = count.flatMap { one in other.count.map { one + $0 } }
    return LostEvents(from: from, to: to, count: count)
  }
}

package struct EventBatch: Sendable {
  package var lost: LostEvents?
  package var records: [EventRecord] = []
  package var isEmpty: Bool { records.isEmpty && lost == nil }
}
