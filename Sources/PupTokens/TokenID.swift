internal import CLinux

/// Names of tokens (`jti`), by which they are revoked.
package enum TokenID {
  /// 16 random bytes; the chance that two are the same can be left out of account.
  package static func random() -> String {
    var bytes = [UInt8](repeating: 0, count: 16)
    _ = bytes.withUnsafeMutableBytes { buffer in buffer.baseAddress.map { pup_random($0, 16) } }
    return Base64.encodeURL(bytes)
  }
}
