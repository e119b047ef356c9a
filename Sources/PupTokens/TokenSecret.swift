internal import CCrypto
internal import CLinux
internal import Glibc
internal import PupSystem

/// The key that tokens are signed with: the text of `.main.secret`.
package struct TokenSecret: Sendable {
  private let key: [UInt8]

  /// - Parameter text: 64 random bytes in base64, as the file holds them.
  package init(text: String) { key = Array(text.utf8) }

  /// Reads the file, or makes it (0600) where there is none. A secret that others can read is refused.
  package static func load(path: String) throws(TokenSecretError) -> TokenSecret {
    let descriptor = pup_open(path, O_RDONLY | O_NOFOLLOW, 0)
    if descriptor == -ENOENT { return try create(path: path) }
    guard descriptor >= 0 else { throw failure("open \(path)", -descriptor) }
    defer { close(descriptor) }
    var identity = pup_file_identity()
    guard pup_identity(descriptor, &identity) == 0 else { throw failure("fstat \(path)", EIO) }
    guard identity.mode & 0o077 == 0 else {
      throw TokenSecretError("\(path): others can read this secret; run: chmod 600 \(path)")
    }
    guard identity.owner == geteuid() || geteuid() == 0 else {
      throw TokenSecretError("\(path): this secret belongs to another user; remove it, and tokens made with it end")
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).filter { !$0.isWhitespace }
    if count == 0 { return try replace(path: path) }
    guard text.utf8.count >= 32 else {
      throw TokenSecretError("\(path): shorter than 32 characters; remove it, and a new one is made")
    }
    return TokenSecret(text: text)
  }

  /// For an authorizer that must refuse every token.
  package static func random() -> TokenSecret { TokenSecret(text: Base64.encode(randomBytes() ?? [])) }

  /// Puts a new secret in the file's place; tokens that were made with the old one end.
  package static func replace(path: String) throws(TokenSecretError) -> TokenSecret {
    let (fresh, secret) = try write(beside: path, isSynced: true)
    guard rename(fresh, path) == 0 else {
      let reason = errno
      unlink(fresh)
      throw failure("rename \(path)", reason)
    }
    return secret
  }

  private static func create(path: String) throws(TokenSecretError) -> TokenSecret {
    // The first start does not wait for the disk: a loss of power leaves this file whole or empty, and an empty one is replaced.
    let (fresh, secret) = try write(beside: path, isSynced: false)
    defer { unlink(fresh) }
    // A link, not a rename: somebody else who makes the file at the same time wins or loses as a whole.
    guard link(fresh, path) == 0 else {
      let reason = errno
      if reason == EEXIST { return try load(path: path) }
      throw failure("link \(path)", reason)
    }
    return secret
  }

  private static func write(beside path: String, isSynced: Bool) throws(TokenSecretError) -> (file: String, secret: TokenSecret) {
    guard let random = randomBytes() else { throw failure("getrandom", EIO) }
    let text = Base64.encode(random)
    let fresh = "\(path).\(getpid())"
    unlink(fresh)
    let descriptor = pup_open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw failure("open \(fresh)", -descriptor) }
    let written = Glibc.write(descriptor, text, text.utf8.count)
    let isWritten = written == text.utf8.count && (!isSynced || fsync(descriptor) == 0)
    close(descriptor)
    guard isWritten else {
      unlink(fresh)
      throw failure("write \(fresh)", ENOSPC)
    }
    return (fresh, TokenSecret(text: text))
  }

  private static func randomBytes() -> [UInt8]? {
    var random = [UInt8](repeating: 0, count: 64)
    let filled = random.withUnsafeMutableBytes { bytes in bytes.baseAddress.map { pup_random($0, 64) } ?? -1 }
    return filled >= 0 ? random : nil
  }

  private static func failure(_ call: String, _ code: Int32) -> TokenSecretError {
    TokenSecretError("\(SystemError(call, errno: code))")
  }

  /// HMAC-SHA512; empty when libcrypto refuses, which matches nothing.
  func signature(of text: some StringProtocol) -> [UInt8] {
    var mac = [UInt8](repeating: 0, count: 64)
    let data = Array(text.utf8)
    return pup_hmac_sha512(key, key.count, data, data.count, &mac) ? mac : []
  }

  func isSignature(_ candidate: [UInt8], of text: some StringProtocol) -> Bool {
    let expected = signature(of: text)
    return expected.count == 64 && candidate.count == 64 && pup_equal_in_constant_time(expected, candidate, 64)
  }
}
