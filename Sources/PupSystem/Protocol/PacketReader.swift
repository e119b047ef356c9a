/// Reads a flat little-endian message. Every read is checked; a message that is too short or has an impossible length throws.
package struct PacketReader {
  package struct Malformed: Error, Hashable, Sendable {
    package init() {}
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package var remaining: Int { bytes.endIndex - position }

  package mutating func get<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(Malformed) -> Value {
    let size = MemoryLayout<Value>.size
    guard remaining >= size else { throw Malformed() }
    var value: Value = 0
    for index in 0..<size { value |= Value(truncatingIfNeeded: bytes[position + index]) << Value(index * 8) }
    position += size
    return value
  }

  package mutating func getBool() throws(Malformed) -> Bool { try get(UInt8.self) != 0 }

  package mutating func getBytes() throws(Malformed) -> [UInt8] {
    let count = Int(try get(UInt32.self))
    guard remaining >= count else { throw Malformed() }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  package mutating func getString() throws(Malformed) -> String { String(decoding: try getBytes(), as: UTF8.self) }
}
