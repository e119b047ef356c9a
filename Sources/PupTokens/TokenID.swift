/// Ids of tokens (`jti`), used to revoke them.
package enum TokenID {
  private static let randomBytes = 12
  private static let markBytes = 6

  /// 16 random bytes from the kernel; collisions can be ignored.
  package static func random() -> String { Base64.encodeURL(bytes(16)) }

  /// 12 random bytes, and a mark that only this secret makes: by that a listing, which does not have the tokens, knows those that
  /// were signed with another one.
  package static func random(markedBy secret: TokenSecret) -> String {
    let random = bytes(randomBytes)
    return Base64.encodeURL(random + mark(of: random[...], by: secret))
  }

  /// Whether the token was signed with another secret than this one, which is nil where there is none. False for ids without a
  /// mark: they may be of tokens that were made elsewhere.
  package static func isVoid(_ id: String, with secret: TokenSecret?) -> Bool {
    guard let bytes = Base64.decodeURL(id[...]), bytes.count == randomBytes + markBytes else { return false }
    guard let secret else { return true }
    return mark(of: bytes.prefix(randomBytes), by: secret) != bytes.suffix(markBytes)
  }

  /// The blank keeps it apart from all that is signed in tokens.
  private static func mark(of random: ArraySlice<UInt8>, by secret: TokenSecret) -> ArraySlice<UInt8> {
    secret.signature(of: "id \(Base64.encodeURL(Array(random)))").prefix(markBytes)
  }

  private static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    let halves = [generator.next(), generator.next()]
    return Array(halves.flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> ($0 * 8)) } }.prefix(count))
  }
}
