/// Ids of tokens (`jti`), used to revoke them.
package enum TokenID {
  /// 16 random bytes from the kernel; collisions can be ignored.
  package static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    let halves = [generator.next(), generator.next()]
    return Base64.encodeURL(halves.flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> ($0 * 8)) } })
  }
}
