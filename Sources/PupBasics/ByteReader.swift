/// Reads flat little-endian bytes. Every read is checked; missing bytes and impossible lengths throw.
package struct ByteReader {
  @usableFromInline let bytes: ArraySlice<UInt8>
  @usableFromInline var position: Int
  /// The end of the record being read, or of all bytes.
  @usableFromInline var end: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
    end = bytes.endIndex
  }

  @inlinable package var remaining: Int { end - position }

  @inlinable package mutating func get<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FormatError) -> Value {
    let size = Value.bitWidth / 8
    guard remaining >= size else { throw .malformed }
    var value: Value = 0
    for index in 0..<size { value |= Value(truncatingIfNeeded: bytes[position + index]) << Value(index * 8) }
    position += size
    return value
  }

  @inlinable package mutating func getBool() throws(FormatError) -> Bool {
    switch try get(UInt8.self) {
    case 0: false
    case 1: true
    default: throw .malformed
    }
  }

  package mutating func getBytes() throws(FormatError) -> [UInt8] { Array(try take(Int(try get(UInt32.self)))) }

  package mutating func getString() throws(FormatError) -> String { String(decoding: try getBytes(), as: UTF8.self) }

  package mutating func skip(_ count: Int) throws(FormatError) { _ = try take(count) }

  package mutating func take(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
    guard count >= 0, remaining >= count else { throw .malformed }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// The number of items that follow, each at least one byte long: an impossible number is refused before anything is allocated.
  package mutating func getCount() throws(FormatError) -> Int {
    let count = Int(try get(UInt32.self))
    guard count <= remaining else { throw .malformed }
    return count
  }

  /// The fields of a record that this build knows; fields added by later builds are skipped.
  package mutating func record<Result>(
    _ fields: (inout ByteReader) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    let count = Int(try get(UInt32.self))
    guard remaining >= count else { throw .malformed }
    let (after, outerEnd) = (position + count, end)
    end = after
    let result = try fields(&self)
    try LaterBuild.read(from: &self)
    (position, end) = (after, outerEnd)
    return result
  }
}
