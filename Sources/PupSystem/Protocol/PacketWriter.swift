/// Builds a flat little-endian message.
package struct PacketWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

  /// A 32-bit length, then the bytes.
  package mutating func put(_ value: [UInt8]) {
    put(UInt32(truncatingIfNeeded: value.count))
    bytes.append(contentsOf: value)
  }

  package mutating func put(_ value: String) { put(Array(value.utf8)) }
}
