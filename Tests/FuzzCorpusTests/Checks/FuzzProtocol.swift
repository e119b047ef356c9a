internal import PupSystem

/// What must hold of packets between keeper and supervisor whatever bytes come. For fuzzers and seeded tests.
package enum FuzzProtocol {
  /// - Parameter bytes: a packet of either socket. What can be read must mean the same once it is written again.
  /// - Returns: what does not hold; empty where all is well.
  package static func check(_ bytes: [UInt8]) -> [String] {
    var broken: [String] = []
    if let message = try? BrainMessage.decoded(bytes[...]),
      (try? BrainMessage.decoded(message.encoded()[...])) != message
    {
      broken.append("a supervisor's message changes when written")
    }
    if let message = try? KeeperMessage.decoded(bytes[...]),
      (try? KeeperMessage.decoded(message.encoded()[...])) != message
    {
      broken.append("a keeper's message changes when written")
    }
    if let message = try? LogMessage.decoded(bytes[...]) {
      if (try? LogMessage.decoded(message.encoded()[...])) != message { broken.append("a log message changes when written") }
      for item in message.items {
        guard let (entry, which) = EntryKey.of(stream: item.key), entry.slot < EntryKey.slotLimit else { continue }
        if entry.stream(which) != item.key { broken.append("a stream's key changes when written") }
      }
    }
    return broken
  }
}
