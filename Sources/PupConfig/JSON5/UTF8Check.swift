/// Finds the first byte that is not part of well-formed UTF-8 (Unicode 16, table 3-7).
enum UTF8Check {
  static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { bytes in
      var position = 0
      while position < bytes.count {
        let first = bytes[position]
        if first < 0x80 {
          position += 1
          continue
        }
        guard let length = length(of: first), position + length <= bytes.count,
          secondByte(after: first).contains(bytes[position + 1])
        else { return position }
        for index in position + 1..<position + length where bytes[index] & 0xC0 != 0x80 { return position }
        position += length
      }
      return nil
    }
  }

  private static func length(of first: UInt8) -> Int? {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: nil
    }
  }

  /// Excludes overlong forms, surrogates and code points above U+10FFFF.
  private static func secondByte(after first: UInt8) -> ClosedRange<UInt8> {
    switch first {
    case 0xE0: 0xA0...0xBF
    case 0xED: 0x80...0x9F
    case 0xF0: 0x90...0xBF
    case 0xF4: 0x80...0x8F
    default: 0x80...0xBF
    }
  }
}
