/// Takes committed bytes out of the pipes: the keeper, which does not die with the brain.
package protocol StreamConsumer: Sendable {
  /// Must not block. The answers come back through `LogPump.consumed`, in any order.
  func consume(_ requests: [ConsumeRequest])
}

/// "Take bytes out of this stream's pipe until this many have been taken since it began." Asking twice does no harm.
package struct ConsumeRequest: Hashable, Sendable {
  package var row: Int
  package var key: UInt64
  package var upTo: UInt64

  package init(row: Int, key: UInt64, upTo: UInt64) {
    self.row = row
    self.key = key
    self.upTo = upTo
  }
}

/// The answer to a `ConsumeRequest`.
package struct ConsumeReply: Hashable, Sendable {
  package var key: UInt64
  package var upTo: UInt64
  /// The pipe held fewer bytes than asked for: the program has read its own output. The count proceeds as requested.
  package var short: Bool

  package init(key: UInt64, upTo: UInt64, short: Bool = false) {
    self.key = key
    self.upTo = upTo
    self.short = short
  }
}
