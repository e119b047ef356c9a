internal import Glibc

extension ByteBuffer {
  /// A prefix is copied in two steps of this size, whatever its length: what is too much is overwritten by the text.
  private static let stride = 64

  /// Appends whole lines, each behind `prefix`, until the buffer holds `limit` bytes. Stops before a line that is longer than
  /// `LineFormat.maximumText` or has no end. The hot loop of the store, so it calls nothing that is checked at run time.
  ///
  /// - Precondition: behind `limit` there is room for two longest lines.
  /// - Returns: how many bytes of the text are taken, and how many lines.
  mutating func appendLines(
    _ text: UnsafePointer<UInt8>, _ length: Int, prefix: borrowing ByteBuffer, limit: Int
  ) -> (taken: Int, lines: Int) {
    guard limit + 2 * LineFormat.maximumLine <= capacity, prefix.count <= 2 * Self.stride, prefix.capacity >= 2 * Self.stride
    else { return (0, 0) }
    let first = UnsafeRawPointer(prefix.base).loadUnaligned(as: SIMD64<UInt8>.self)
    let second = UnsafeRawPointer(prefix.base + Self.stride).loadUnaligned(as: SIMD64<UInt8>.self)
    let isLong = prefix.count > Self.stride
    let width = prefix.count
    var source = text
    var rest = length
    var target = base + count
    let end = base + limit
    var lines = 0
    while rest > 0, target < end, let found = memchr(source, Int32(LineFormat.lineFeed), min(rest, LineFormat.maximumText + 1)) {
      let size = UnsafeRawPointer(found) - UnsafeRawPointer(source) + 1
      UnsafeMutableRawPointer(target).storeBytes(of: first, as: SIMD64<UInt8>.self)
      if isLong { UnsafeMutableRawPointer(target + Self.stride).storeBytes(of: second, as: SIMD64<UInt8>.self) }
      memcpy(target + width, source, size)
      target += width + size
      source += size
      rest -= size
      lines += 1
    }
    count = target - base
    return (length - rest, lines)
  }
}
