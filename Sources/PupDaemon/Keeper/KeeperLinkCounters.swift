/// What did not pass between keeper and supervisor, over all links of this supervisor.
struct KeeperLinkCounters: Hashable {
  /// Messages that were dropped because too many waited, or could not be sent.
  var dropped: UInt64 = 0
  /// Messages of the keeper's that could not be read.
  var misunderstood: UInt64 = 0

  /// The first one is reported, and then fewer and fewer: the counters have them all.
  static func isReported(_ number: UInt64) -> Bool { number & (number &- 1) == 0 }
}
