/// Builds flat little-endian bytes.
package struct ByteWriter {
  @usableFromInline package internal(set) var bytes: [UInt8] = []

  @inlinable package init() {}

  @inlinable package mutating func put<Value: FixedWidthInteger>(_ value: Value) {
    unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  @inlinable package mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

  /// A 32-bit length, then the bytes.
  package mutating func put(_ value: some Collection<UInt8>) {
    put(UInt32(truncatingIfNeeded: value.count))
    bytes.append(contentsOf: value)
  }

  package mutating func put(_ value: String) { put(value.utf8) }

  /// Without a length prefix.
  package mutating func append(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }

  /// A record that later builds may extend: its length in 32 bits, then the fields. New fields go last.
  package mutating func record(_ fields: (inout ByteWriter) -> Void) {
    let start = bytes.count
    put(UInt32(0))
    fields(&self)
    if LaterBuild.isRunning { append(LaterBuild.field) }
    let count = UInt32(truncatingIfNeeded: bytes.count - start - 4)
    for place in 0..<4 { bytes[start + place] = UInt8(truncatingIfNeeded: count >> UInt32(place * 8)) }
  }
}
