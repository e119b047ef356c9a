internal import PupBasics

/// What did not pass between keeper and supervisor, over all links of this supervisor.
struct KeeperLinkCounters: Hashable {
  /// Messages that were dropped because too many waited, or could not be sent.
  var dropped: UInt64 = 0
  /// Messages of the keeper's that could not be read.
  var misunderstood: UInt64 = 0

  /// The first one is reported, and then fewer and fewer: the counters have them all.
  static func isReported(_ number: UInt64) -> Bool { number & (number &- 1) == 0 }
}

extension KeeperLinkCounters {
  func append(to text: inout MetricsText) {
    text.counter(
      "pup_keeper_messages_dropped_total",
      "Messages to the keeper that were dropped because too many were waiting or one could not be sent."
    ) {
      $0.sample([:], Double(dropped))
    }
    text.counter("pup_keeper_messages_misunderstood_total", "Messages from the keeper that could not be decoded.") {
      $0.sample([:], Double(misunderstood))
    }
  }
}
