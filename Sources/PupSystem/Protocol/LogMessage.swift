package import PupBasics

/// The log socket's only two messages (of one kind), each a batch: brain → keeper "consume stream S up to offset N" (absolute,
/// idempotent), and keeper → brain "S is consumed up to N".
package struct LogMessage: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package var key: UInt64
    package var upTo: UInt64
    /// In an answer: the program read its own pipe, so there were fewer bytes than requested.
    package var short: Bool

    /// Bytes in a packet.
    fileprivate static let size = 17

    package init(key: UInt64, upTo: UInt64, short: Bool = false) {
      self.key = key
      self.upTo = upTo
      self.short = short
    }
  }

  /// At most this many items fit into one packet.
  package static let limit = 512

  package var items: [Item]

  package init(items: [Item]) { self.items = items }

  private enum Kind: UInt16 {
    case offsets = 1
  }

  package func encoded() -> [UInt8] {
    let later = LaterBuild.field
    var writer = ByteWriter()
    writer.message(Kind.offsets.rawValue) {
      // No record per item, because there are many and all have the same size.
      $0.put(UInt16(Item.size + later.count))
      $0.put(UInt32(items.count))
      for item in items {
        $0.put(item.key)
        $0.put(item.upTo)
        $0.put(item.short)
        if !later.isEmpty { $0.append(later) }
      }
    }
    return writer.bytes
  }

  /// - Returns: nil for an unknown message that may be ignored.
  package static func decoded(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> LogMessage? {
    var reader = ByteReader(bytes)
    return try reader.message { (_: Kind, fields) throws(FormatError) in try LogMessage(from: &fields) }
  }

  private init(from reader: inout ByteReader) throws(FormatError) {
    let size = Int(try reader.get(UInt16.self))
    let count = try reader.getCount()
    guard size >= Item.size, count <= Self.limit else { throw .malformed }
    items = []
    items.reserveCapacity(count)
    for _ in 0..<count {
      items.append(Item(key: try reader.get(), upTo: try reader.get(), short: try reader.getBool()))
      // There is nearly always nothing, and there are many items.
      if size > Item.size { try reader.skip(size - Item.size) }
    }
  }
}
