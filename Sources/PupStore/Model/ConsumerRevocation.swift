package import PupCore

/// A consumer whose tokens are refused if they were issued before the revocation.
package struct ConsumerRevocation: Hashable, Sendable {
  /// Trimmed and in lower case, as revocations are compared.
  package let consumer: String
  package var time: WallTime

  package init(consumer: String, time: WallTime) {
    self.consumer = Self.folded(consumer)
    self.time = time
  }

  /// By code points, as tokens' consumers are compared.
  package static func folded(_ consumer: String) -> String {
    var name = consumer.lowercased().unicodeScalars[...]
    while let first = name.first, first.properties.isWhitespace { name.removeFirst() }
    while let last = name.last, last.properties.isWhitespace { name.removeLast() }
    return String(name)
  }
}
