/// One record from an inotify descriptor.
struct InotifyEvent: Hashable, Sendable {
  /// -1 for a queue overflow.
  var watch: Int32
  var mask: InotifyMask
  /// The name inside the watched directory; empty for the directory itself.
  var name: [UInt8]
}

extension InotifyEvent {
  /// The length of a record without its name: watch, mask, cookie, length of the name.
  private static let headerSize = 16

  /// Parses a buffer as filled by `read`; stops at an incomplete record.
  static func parse(_ buffer: UnsafeRawBufferPointer) -> [InotifyEvent] {
    var events: [InotifyEvent] = []
    var offset = 0
    while buffer.count - offset >= headerSize {
      let length = Int(buffer.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
      guard buffer.count - offset - headerSize >= length else { break }
      let padded = buffer[(offset + headerSize)..<(offset + headerSize + length)]
      events.append(
        InotifyEvent(
          watch: buffer.loadUnaligned(fromByteOffset: offset, as: Int32.self),
          mask: InotifyMask(rawValue: buffer.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)),
          name: Array(padded.prefix { $0 != 0 })))
      offset += headerSize + length
    }
    return events
  }
}
