/// The log socket's only two messages, each a batch: brain → keeper "consume stream S up to offset N" (absolute, idempotent), and keeper →
/// brain "S is consumed up to N".
package struct LogMessage: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package var key: UInt64
    package var upTo: UInt64
    /// In an answer: the program read its own pipe, so fewer bytes than asked for were there.
    package var short: Bool

    package init(key: UInt64, upTo: UInt64, short: Bool = false) {
      self.key = key
      self.upTo = upTo
      self.short = short
    }
  }

  /// So many items fit into one packet.
  package static let limit = 512

  package var items: [Item]

  package init(items: [Item]) { self.items = items }

  package func encoded() -> [UInt8] {
    var writer = PacketWriter()
    writer.put(UInt32(items.count))
    for item in items {
      writer.put(item.key)
      writer.put(item.upTo)
      writer.put(item.short)
    }
    return writer.bytes
  }

  package init(decoding bytes: ArraySlice<UInt8>) throws(PacketReader.Malformed) {
    var reader = PacketReader(bytes)
    let count = try reader.get(UInt32.self)
    guard count <= Self.limit else { throw PacketReader.Malformed() }
    items = []
    for _ in 0..<count {
      items.append(Item(key: try reader.get(), upTo: try reader.get(), short: try reader.getBool()))
    }
    guard reader.remaining == 0 else { throw PacketReader.Malformed() }
  }
}
