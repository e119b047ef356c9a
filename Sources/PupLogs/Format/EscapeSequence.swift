internal import Glibc

/// Finds terminal escape sequences (ECMA-48: CSI, OSC, DCS, SOS, PM, APC, and the short ones) so that files get text without
/// them.
///
/// Only the seven-bit forms, which begin with ESC: the eight-bit ones are ordinary bytes inside UTF-8 text.
enum EscapeSequence {
  static let escape: UInt8 = 0x1B
  /// A sequence that is still unfinished after this many bytes is not one.
  static let maximumLength = 4096

  enum Match: Equatable {
    /// How many bytes, from ESC on, are a sequence (or the introducer of one that is interrupted).
    case whole(Int)
    /// The bytes end inside the sequence.
    case unfinished
  }

  /// What begins at `bytes[0]`, which is ESC.
  static func match(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Match {
    guard count > 1 else { return .unfinished }
    switch bytes[1] {
    case UInt8(ascii: "["): return control(bytes, count)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      return string(bytes, count)
    case UInt8(ascii: "N"), UInt8(ascii: "O"):
      guard count > 2 else { return .unfinished }
      return .whole((0x20...0x7E).contains(bytes[2]) ? 3 : 2)
    case 0x20...0x2F:
      var at = 2
      while at < count, (0x20...0x2F).contains(bytes[at]) { at += 1 }
      guard at < count else { return .unfinished }
      return .whole((0x30...0x7E).contains(bytes[at]) ? at + 1 : at)
    case 0x30...0x7E: return .whole(2)
    default: return .whole(1)
    }
  }

  /// CSI: parameters, intermediates, one final byte.
  private static func control(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Match {
    var at = 2
    while at < count, (0x30...0x3F).contains(bytes[at]) { at += 1 }
    while at < count, (0x20...0x2F).contains(bytes[at]) { at += 1 }
    guard at < count else { return .unfinished }
    // Interrupted by something else, which stays.
    return .whole((0x40...0x7E).contains(bytes[at]) ? at + 1 : at)
  }

  /// OSC and its like: everything up to BEL or ESC \.
  private static func string(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Match {
    let limit = min(count, maximumLength)
    var at = 2
    while at < limit {
      if bytes[at] == 0x07 { return .whole(at + 1) }
      if bytes[at] == escape {
        guard at + 1 < count else { return .unfinished }
        // An ESC that does not end the string begins another sequence: the string was interrupted, and its text stays.
        return .whole(bytes[at + 1] == UInt8(ascii: "\\") ? at + 2 : 2)
      }
      at += 1
    }
    return limit == maximumLength ? .whole(2) : .unfinished
  }

  /// Copies `count` bytes of one line without sequences; returns how many bytes were kept. `target` has room for `count` bytes.
  static func strip(_ source: UnsafePointer<UInt8>, _ count: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
    var read = 0
    var written = 0
    while read < count {
      let rest = count - read
      guard let found = memchr(source + read, Int32(escape), rest) else {
        memcpy(target + written, source + read, rest)
        return written + rest
      }
      let text = UnsafeRawPointer(found) - UnsafeRawPointer(source + read)
      memcpy(target + written, source + read, text)
      written += text
      read += text
      switch match(source + read, count - read) {
      case .whole(let length): read += length
      case .unfinished:
        // The line ends inside the sequence. A string's introducer is removed, its text stays: losing text would be worse than
        // showing it.
        let isString = count - read > 2 && source[read + 1] != UInt8(ascii: "[") && !(0x20...0x2F).contains(source[read + 1])
        read = isString ? read + 2 : count
      }
    }
    return written
  }

  /// How many bytes at the end are an unfinished sequence; a line is never split inside one.
  static func unfinishedTail(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let window = min(count, maximumLength)
    let start = bytes + (count - window)
    var at = 0
    while at < window, let found = memchr(start + at, Int32(escape), window - at) {
      at = UnsafeRawPointer(found) - UnsafeRawPointer(start)
      switch match(start + at, window - at) {
      case .whole(let length): at += length
      case .unfinished: return window - at
      }
    }
    return 0
  }
}
