/// FNV-1a, 64 bits: the same in every process and every version, which Swift's own hashing is not. Not for secrets.
package enum StableHash {
  /// 16 hexadecimal digits.
  package static func digits(of text: String) -> String {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
