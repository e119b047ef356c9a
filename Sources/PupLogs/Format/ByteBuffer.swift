internal import Glibc

/// A block of bytes of fixed size that is filled, written out and filled again. What does not fit is cut off.
struct ByteBuffer: ~Copyable {
  let base: UnsafeMutablePointer<UInt8>
  let capacity: Int
  var count = 0

  init(capacity: Int) {
    base = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { base.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
  var room: Int { capacity - count }

  mutating func removeAll() { count = 0 }

  mutating func append(_ byte: UInt8) {
    guard count < capacity else { return }
    base[count] = byte
    count += 1
  }

  mutating func append(_ source: UnsafePointer<UInt8>, _ length: Int) {
    let taken = min(length, room)
    memcpy(base + count, source, taken)
    count += taken
  }

  mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { buffer in
      if let source = buffer.baseAddress { append(source, buffer.count) }
    }
  }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { buffer in
      if let source = buffer.baseAddress { append(source, buffer.count) }
    }
  }

  /// Appends `length` bytes without terminal escape sequences.
  mutating func appendPlain(_ source: UnsafePointer<UInt8>, _ length: Int) {
    count += EscapeSequence.strip(source, min(length, room), to: base + count)
  }

  mutating func append(_ time: LogTime) {
    guard room >= Timestamp.width else { return }
    Timestamp.render(time, to: base + count)
    count += Timestamp.width
  }

  mutating func appendShort(_ time: LogTime) {
    guard room >= Timestamp.shortWidth else { return }
    Timestamp.renderShort(time, to: base + count)
    count += Timestamp.shortWidth
  }
}
