internal import Glibc

extension UnsafeRawBufferPointer {
  func contains(byte: UInt8) -> Bool {
    guard let baseAddress else { return false }
    return memchr(baseAddress, Int32(byte), count) != nil
  }

  /// The last position of `byte`.
  func lastPlace(of byte: UInt8) -> Int? {
    guard let baseAddress else { return nil }
    var at = count - 1
    while at >= 0 {
      if baseAddress.load(fromByteOffset: at, as: UInt8.self) == byte { return at }
      at -= 1
    }
    return nil
  }

  func count(of byte: UInt8) -> Int {
    var total = 0
    var at = 0
    while at < count, let base = baseAddress, let found = memchr(base + at, Int32(byte), count - at) {
      total += 1
      at = UnsafeRawPointer(found) - base + 1
    }
    return total
  }
}
