package import PupAPI
internal import PupSystem
internal import Synchronization

/// Authenticates callers and decides what they may do: the single place for every call on every surface. Thread-safe.
package final class Authorizer: Sendable {
  /// How many seconds a token remains valid after its expiry, because machines' clocks differ.
  package static let slack: Int64 = 60
  /// The number of verified tokens to remember; others are verified again.
  private static let mostKnown = 64
  private static let longestKnown = 1024

  private struct Revoked {
    var consumers: Set<String> = []
    var tokenIDs: Set<String> = []
    /// The list of revocations is unavailable: only Pup's own tokens are accepted.
    var isUnknown = false
  }

  /// The key, and how many times it has been replaced.
  private struct Key {
    var secret: TokenSecret
    var revision: UInt64 = 0
  }

  private let key: Mutex<Key>
  /// Principals with verified signatures, by the text of the header or token: frequent callers send the same one each time.
  private let known = Mutex<[String: Principal]>([:])
  private let revoked = Mutex(Revoked())
  private let failures = Mutex<[AuthenticationFailure: Int]>([:])
  private let now: @Sendable () -> Int64

  /// - Parameter now: seconds since 1970.
  package init(secret: TokenSecret, now: @escaping @Sendable () -> Int64 = { Clock.wallMicroseconds / 1_000_000 }) {
    key = Mutex(Key(secret: secret))
    self.now = now
  }

  /// Tokens made with the old secret become invalid. Open streams end at their next check (every second).
  package func rotate(_ secret: TokenSecret) { key.withLock { $0 = Key(secret: secret, revision: $0.revision + 1) } }

  /// The list of revocations is unavailable: all tokens are refused except those that Pup makes for itself and its programs.
  package func trustOnlyOwn() { revoked.withLock { $0.isUnknown = true } }

  /// Replaces the revocations: by consumer (trimmed, ignoring case) or by token id.
  package func setRevoked(consumers: [String], tokenIDs: [String] = []) {
    revoked.withLock {
      $0.consumers = Set(consumers.map(ConsumerName.folded))
      $0.tokenIDs = Set(tokenIDs)
    }
  }

  // MARK: - Who

  /// - Parameter header: the value of `Authorization`.
  package func authenticate(header: String?) throws(AuthenticationFailure) -> Principal {
    do throws(AuthenticationFailure) {
      guard let header, !header.isEmpty else { throw .missing }
      return try checked(header) { () throws(AuthenticationFailure) in
        let words = header.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bearer", !words[1].isEmpty else { throw .format }
        return try principal(token: words[1])
      }
    } catch {
      failures.withLock { $0[error, default: 0] += 1 }
      throw error
    }
  }

  package func authenticate(token: String) throws(AuthenticationFailure) -> Principal {
    do throws(AuthenticationFailure) {
      return try checked(token) { () throws(AuthenticationFailure) in try principal(token: token[...]) }
    } catch {
      failures.withLock { $0[error, default: 0] += 1 }
      throw error
    }
  }

  /// - Parameter verify: called for an unknown token; returns its principal.
  private func checked(
    _ text: String, _ verify: () throws(AuthenticationFailure) -> Principal
  ) throws(AuthenticationFailure) -> Principal {
    let revision = key.withLock { $0.revision }
    let principal: Principal
    if let found = known.withLock({ $0[text] }), found.keyRevision == revision {
      principal = found
    } else {
      principal = try verify()
      remember(principal, text)
    }
    if isExpired(principal) { throw .expired }
    if ConsumerName.folded(principal.consumer).isEmpty { throw .noConsumer }
    if isRevoked(principal) { throw .revoked }
    return principal
  }

  private func remember(_ principal: Principal, _ text: String) {
    guard text.utf8.count <= Self.longestKnown else { return }
    known.withLock {
      if $0.count >= Self.mostKnown { $0.removeAll(keepingCapacity: true) }
      $0[text] = principal
    }
  }

  private func principal(token: Substring) throws(AuthenticationFailure) -> Principal {
    let key = key.withLock { $0 }
    let token = try WebToken(text: token, secret: key.secret)
    var principal = Principal(
      consumer: token.consumer, scopes: token.scopes.map(Set.init) ?? [.admin], tokenID: token.tokenID, expires: token.expires)
    principal.keyRevision = key.revision
    return principal
  }

  package func isExpired(_ principal: Principal) -> Bool {
    principal.expires.map { $0 + Self.slack < now() } ?? false
  }

  /// Whether it is revoked by name or by id, or because its token was made with a secret that is no longer in use.
  package func isRevoked(_ principal: Principal) -> Bool {
    if key.withLock({ $0.revision }) != principal.keyRevision { return true }
    return revoked.withLock { revoked in
      if revoked.isUnknown, !ReservedConsumer.isReserved(principal.consumer) { return true }
      return revoked.consumers.contains(ConsumerName.folded(principal.consumer))
        || principal.tokenID.map(revoked.tokenIDs.contains) ?? false
    }
  }

  /// How often each failure has occurred since the start.
  package var failureCounts: [AuthenticationFailure: Int] { failures.withLock { $0 } }

  // MARK: - What

  package func authorize(_ principal: Principal, _ permission: Permission, _ resource: Resource) throws(PupError) {
    guard Self.allows(principal.scopes, permission, resource) else {
      throw PupError(.forbidden, Self.refusal(principal.scopes, permission, resource))
    }
  }

  /// If the token has globs that do not match, they are named: the scope itself is not what is missing.
  private static func refusal(_ scopes: Set<TokenScope>, _ permission: Permission, _ resource: Resource) -> String {
    let globs = scopes.compactMap { if case .controlOf(let glob) = $0 { "control:\(glob)" } else { nil } }.sorted()
    guard permission == .control, !globs.isEmpty else { return "this token lacks the scope \"\(permission.rawValue)\"" }
    let what =
      switch resource {
      case .process(let id): "\"\(id)\""
      case .plugin(let id): "the plugin \"\(id)\""
      case .instance, .allProcesses: "every process"
      }
    return "this token is limited to \(globs.joined(separator: ", ")), which does not cover \(what)"
  }

  package static func allows(_ scopes: Set<TokenScope>, _ permission: Permission, _ resource: Resource) -> Bool {
    if scopes.contains(.admin) { return true }
    return switch permission {
    case .read: scopes.contains(.read)
    case .logs: scopes.contains(.logs)
    case .log: scopes.contains(.log)
    case .telemetry: scopes.contains(.telemetry)
    case .ipc: scopes.contains(.ipc)
    case .plugins: scopes.contains(.plugins)
    case .admin: false
    case .control: scopes.contains { allowsControl($0, of: resource) }
    }
  }

  private static func allowsControl(_ scope: TokenScope, of resource: Resource) -> Bool {
    switch (scope, resource) {
    case (.control, _): true
    case (.controlOf(let glob), .process(let id)): Glob.matches(id.lowercased(), glob.lowercased())
    case (.controlOf(let glob), .allProcesses): glob == "*"
    default: false
    }
  }
}
