internal import Glibc

extension ByteBuffer {
  /// What `appendLines` has done.
  struct Appended {
    var taken: Int
    var lines: Int
    /// The next line needs this prefix, which is not in the table yet.
    var missing: LogSeverity?
  }

  /// Appends whole lines, each with its prefix, until the buffer holds `limit` bytes. Stops before a line that is longer than
  /// `LineFormat.maximumText` or has no end, and before one whose prefix has not been made yet. This is the hot loop of the
  /// store, so it calls nothing that is checked at run time.
  ///
  /// - Precondition: beyond `limit` there is room for two lines of maximum length.
  mutating func appendLines(
    _ text: UnsafePointer<UInt8>, _ length: Int, _ table: borrowing PrefixTable, detects: Bool, severity usual: LogSeverity,
    limit: Int
  ) -> Appended {
    guard limit + 2 * LineFormat.maximumLine <= capacity else { return Appended(taken: 0, lines: 0) }
    let half = PrefixTable.stride / 2
    var source = text
    var rest = length
    var target = base + count
    let end = base + limit
    var lines = 0
    var missing: LogSeverity?
    while rest > 0, target < end, let found = memchr(source, Int32(LineFormat.lineFeed), min(rest, LineFormat.maximumText + 1)) {
      let size = UnsafeRawPointer(found) - UnsafeRawPointer(source) + 1
      let severity = detects ? LineLevel.severity(of: source, size - 1) ?? usual : usual
      let width = table.width(severity)
      guard width > 0 else {
        missing = severity
        break
      }
      // Regardless of the prefix's length: the excess is overwritten by the text.
      let prefix = UnsafeRawPointer(table.prefix(severity))
      let first = prefix.loadUnaligned(as: SIMD64<UInt8>.self)
      UnsafeMutableRawPointer(target).storeBytes(of: first, as: SIMD64<UInt8>.self)
      if width > half {
        let second = prefix.loadUnaligned(fromByteOffset: half, as: SIMD64<UInt8>.self)
        UnsafeMutableRawPointer(target + half).storeBytes(of: second, as: SIMD64<UInt8>.self)
      }
      memcpy(target + width, source, size)
      target += width + size
      source += size
      rest -= size
      lines += 1
    }
    count = target - base
    return Appended(taken: length - rest, lines: lines, missing: missing)
  }
}
