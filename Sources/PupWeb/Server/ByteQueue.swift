/// Bytes that wait to be sent, first in, first out.
struct ByteQueue {
  /// So much that was sent is kept in front rather than moved.
  private static let slack = 64 << 10

  private var bytes: [UInt8] = []
  private var start = 0

  var count: Int { bytes.count - start }
  var isEmpty: Bool { start == bytes.count }

  mutating func append(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

  mutating func append(_ body: (inout [UInt8]) -> Void) { body(&bytes) }

  func prefix(_ most: Int) -> ArraySlice<UInt8> { bytes[start...].prefix(most) }

  mutating func removeFirst(_ count: Int) {
    start += count
    if start == bytes.count {
      // The memory of a large answer is not kept.
      bytes.removeAll(keepingCapacity: bytes.capacity <= Self.slack)
      start = 0
    } else if start > Self.slack, start >= bytes.count - start {
      // Half of it: each byte is moved once at most, on the average.
      bytes.removeFirst(start)
      start = 0
    }
  }
}
