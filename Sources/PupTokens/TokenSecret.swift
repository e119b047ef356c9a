internal import CCrypto
internal import CLinux
internal import Glibc
internal import PupSystem

/// The key for signing tokens: the text of `.main.secret`.
package struct TokenSecret: Sendable {
  private let key: [UInt8]

  /// - Parameter text: 64 random bytes in base64, as the file holds them.
  package init(text: String) { key = Array(text.utf8) }

  /// Reads the file. A secret that others can read, or that belongs to another user, is refused.
  /// - Parameter makes: creates it (0600) if it does not exist or is empty.
  /// - Returns: nil if there is none.
  package static func read(path: String, makes: Bool = false) throws(TokenSecretError) -> TokenSecret? {
    let (folder, name): (OwnFolder, String)
    do throws(OwnershipProblem) {
      (folder, name) = try OwnFolder.holding(path)
    } catch  where error.kind == .missing && !makes {
      return nil
    } catch {
      throw TokenSecretError(error.description)
    }
    let file: Descriptor
    do throws(OwnershipProblem) {
      file = try folder.openSecret(name)
    } catch  where error.kind == .missing {
      return makes ? try create(name, in: folder) : nil
    } catch {
      throw TokenSecretError(error.description)
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(file.number, &bytes, bytes.count)
    let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).filter { !$0.isWhitespace }
    if count == 0 { return makes ? try replace(path: path) : nil }
    guard text.utf8.count >= 32 else {
      throw TokenSecretError("\(path): shorter than 32 characters; remove it, and a new one will be created")
    }
    return TokenSecret(text: text)
  }

  /// Reads the file, or creates it if it does not exist. Not for a running
  /// Pup: it already has a secret, and re-creates the file itself.
  package static func load(path: String) throws(TokenSecretError) -> TokenSecret {
    guard let secret = try read(path: path, makes: true) else { throw failure("read \(path)", ENOENT) }
    return secret
  }

  private static func opened<Value>(_ body: () throws(OwnershipProblem) -> Value) throws(TokenSecretError) -> Value {
    do throws(OwnershipProblem) { return try body() } catch { throw TokenSecretError(error.description) }
  }

  /// Replaces the file with a new secret; tokens made with the old one become invalid.
  package static func replace(path: String) throws(TokenSecretError) -> TokenSecret {
    guard let random = randomBytes() else { throw failure("getrandom", EIO) }
    let secret = TokenSecret(text: Base64.encode(random))
    try secret.write(path: path)
    return secret
  }

  /// Replaces the file with this secret.
  package func write(path: String) throws(TokenSecretError) {
    let (folder, name) = try Self.opened { () throws(OwnershipProblem) in try OwnFolder.holding(path) }
    let fresh = try Self.write(key, beside: name, in: folder, isSynced: true)
    guard renameat(folder.descriptor, fresh, folder.descriptor, name) == 0 else {
      let reason = errno
      unlinkat(folder.descriptor, fresh, 0)
      throw Self.failure("rename \(path)", reason)
    }
  }

  private static func create(_ name: String, in folder: OwnFolder) throws(TokenSecretError) -> TokenSecret {
    guard let random = randomBytes() else { throw failure("getrandom", EIO) }
    let secret = TokenSecret(text: Base64.encode(random))
    // The first start does not wait for the disk: a power failure
    // leaves this file complete or empty, and an empty one is replaced.
    let fresh = try write(secret.key, beside: name, in: folder, isSynced: false)
    defer { unlinkat(folder.descriptor, fresh, 0) }
    // A link, not a rename: if another process creates the file at the same time, exactly one of them wins.
    guard linkat(folder.descriptor, fresh, folder.descriptor, name, 0) == 0 else {
      let reason = errno
      if reason == EEXIST { return try load(path: "\(folder.path)/\(name)") }
      throw failure("link \(folder.path)/\(name)", reason)
    }
    return secret
  }

  private static func write(
    _ key: [UInt8], beside name: String, in folder: OwnFolder, isSynced: Bool
  ) throws(TokenSecretError) -> String {
    let fresh = "\(name).\(getpid())"
    unlinkat(folder.descriptor, fresh, 0)
    let file = try opened { () throws(OwnershipProblem) in try folder.open(fresh, O_WRONLY | O_CREAT | O_EXCL) }
    let written = Glibc.write(file.number, key, key.count)
    guard written == key.count, !isSynced || fsync(file.number) == 0 else {
      // A short write can only mean that there is no space left.
      let reason = written >= 0 && written < key.count ? ENOSPC : errno
      unlinkat(folder.descriptor, fresh, 0)
      throw failure("write \(folder.path)/\(fresh)", reason)
    }
    return fresh
  }

  private static func randomBytes() -> [UInt8]? {
    var random = [UInt8](repeating: 0, count: 64)
    let filled = random.withUnsafeMutableBytes { bytes in bytes.baseAddress.map { pup_random($0, 64) } ?? -1 }
    return filled >= 0 ? random : nil
  }

  private static func failure(_ call: String, _ code: Int32) -> TokenSecretError {
    TokenSecretError("\(SystemError(call, errno: code))")
  }

  /// HMAC-SHA512; empty if libcrypto fails, which matches nothing.
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
