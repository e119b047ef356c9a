/// FNV-1a, 64 bits: the same in every process and version, unlike Swift's own hashing. Not for secrets.
package struct StableHash {
  // `@inlinable`, because other modules call it for each byte and it must be specialized there.
  @usableFromInline package internal(set) var value: UInt64

  /// `start` is a different basis for cases where two hashes of the same bytes must differ.
  @inlinable package init(from start: UInt64 = Self.basis) { value = start }

  @inlinable package static var basis: UInt64 { 0xCBF2_9CE4_8422_2325 }

  @inlinable package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(word: UInt64(byte)) }
  }

  /// Adds a whole integer in one step, with a result different from FNV-1a over its bytes.
  @inlinable package mutating func add(word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }
}

extension StableHash {
  package static func value(of text: String) -> UInt64 {
    var hash = Self()
    hash.add(text.utf8)
    return hash.value
  }

  /// 16 hexadecimal digits.
  package static func digits(of text: String) -> String { HexText.digits(value(of: text), 16) }
}
