package import PupCore

/// A consumer whose tokens, of whatever age up to the revocation, are refused.
package struct ConsumerRevocation: Hashable, Sendable {
  /// Trimmed and in lower case, as revocations are compared.
  package let consumer: String
  package var time: WallTime

  package init(consumer: String, time: WallTime) {
    self.consumer = Self.folded(consumer)
    self.time = time
  }

  package static func folded(_ consumer: String) -> String {
    var name = consumer.lowercased()[...]
    while name.first?.isWhitespace == true { name.removeFirst() }
    while name.last?.isWhitespace == true { name.removeLast() }
    return String(name)
  }
}
