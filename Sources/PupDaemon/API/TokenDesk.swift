internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupStore
internal import PupSystem
internal import PupTokens

/// Tokens: issued, listed, revoked. The store remembers them; the authorizer acts on them at once. Belongs to the control loop.
final class TokenDesk {
  /// The time for which the token in a program's environment is good: a year, as the original's.
  private static let programLife: Int64 = 365 * 86_400

  private let control: EventLoop
  /// The disk is waited for here.
  private let queries: EventLoop
  private let store: Store?
  private let isSafe: Bool
  private let secretFile: String
  /// Revoked by the configuration.
  private let alwaysRevoked: [String]
  private let log: ControlSurface.Logger
  /// May be used from any thread. Nil where there is no usable secret: nothing is served then.
  let authorizer: Authorizer?
  private(set) var secret: TokenSecret?
  private var revoked = RevokedTokens()

  /// Waits for the disk.
  init(
    _ paths: StoragePaths, _ configuration: APIConfiguration, _ store: Store?, isSafe: Bool, on control: EventLoop,
    queries: EventLoop, log: @escaping ControlSurface.Logger
  ) {
    (self.control, self.queries, self.store, self.isSafe, self.log) = (control, queries, store, isSafe, log)
    (secretFile, alwaysRevoked) = (paths.secretFile, configuration.revoked)
    do throws(TokenSecretError) {
      let secret = try TokenSecret.load(path: secretFile)
      self.secret = secret
      authorizer = Authorizer(secret: secret)
    } catch {
      log(.error, .api, "\(error); the interface is off until the next start")
      authorizer = nil
    }
    loadRevocations()
  }

  /// Where it cannot be read who is revoked, only Pup's own tokens count: better nobody else than somebody who was locked out.
  private func loadRevocations() {
    do throws(StoreError) {
      guard let store else { throw .closed }
      revoked.consumers = Set(try store.loadRevokedConsumers().map(\.consumer))
      revoked.tokenIDs = Set(try store.loadTokens().filter { $0.revoked != nil }.map(\.id))
    } catch {
      authorizer?.trustOnlyOwn()
      if !isSafe {
        log(
          .error, .api,
          "the database does not say which tokens are revoked: until a start at which it can be read, only those of 'pup' itself and of the programs are accepted"
        )
      }
    }
    apply()
  }

  private func apply() {
    authorizer?.setRevoked(consumers: alwaysRevoked + revoked.consumers, tokenIDs: Array(revoked.tokenIDs))
  }

  /// For a program's environment.
  func programToken(_ id: ProcessID, scopes: [TokenScope]?) -> String? {
    secret.map {
      WebToken(consumer: "telemetry-\(id.text)", scopes: scopes, expires: Self.now + Self.programLife).signed(with: $0)
    }
  }

  private static var now: Int64 { Clock.wallMicroseconds / 1_000_000 }

  // MARK: Requests

  func create(_ request: TokenRequest, _ answer: @escaping @Sendable (Result<TokenCreated, PupError>) -> Void) {
    guard let store, let secret else { return answer(.failure(noStore)) }
    let folded = ConsumerRevocation.folded(request.consumer)
    if revoked.consumers.contains(folded) {
      return answer(
        .failure(
          PupError(
            .refused, "\"\(request.consumer)\" is revoked; choose another name, or run: pup token reinstate \(folded)")))
    }
    let token = WebToken(
      consumer: request.consumer, scopes: request.scopes.map { $0.compactMap(TokenScope.init(text:)) },
      tokenID: TokenID.random(markedBy: secret), expires: request.expiresIn.map { Self.now + $0 })
    let record = TokenRecord(token, created: WallTime(microseconds: Clock.wallMicroseconds))
    let text = token.signed(with: secret)
    store.add(record) { outcome in
      switch outcome {
      case .saved:
        answer(
          .success(
            TokenCreated(
              token: text, id: record.id, consumer: record.consumer, scopes: record.shownScopes,
              expires: record.expires.map { ISODate($0) })))
      case .delayed(let error), .refused(let error): answer(.failure(PupError(.unavailable, "\(error)")))
      }
    }
  }

  func list(_ answer: @escaping @Sendable (Result<[TokenInfo], PupError>) -> Void) {
    guard let store else { return answer(.failure(noStore)) }
    let (consumers, secret) = (revoked.consumers, secret)
    store.tokens { result in
      answer(
        result.map { records in
          records.map { record in
            var info = TokenInfo(record)
            if info.revoked == nil, consumers.contains(ConsumerRevocation.folded(record.consumer)) {
              info.revoked = info.created
            }
            if TokenID.isVoid(record.id, with: secret) { info.void = TokenInfo.ofAnotherSecret }
            return info
          }
        }.mapError { PupError(.unavailable, "\($0)") })
    }
  }

  func revoke(_ revocation: TokenRevocation, _ answer: @escaping @Sendable (PupError?) -> Void) {
    let time = WallTime(microseconds: Clock.wallMicroseconds)
    let then = Self.told(answer)
    switch revocation {
    case .id(let id):
      revoked.tokenIDs.insert(id)
      store?.revokeToken(id, at: time, then: then)
    case .consumer(let name):
      let record = ConsumerRevocation(consumer: name, time: time)
      revoked.consumers.insert(record.consumer)
      store?.revoke(record, then: then)
    }
    apply()
    if store == nil { answer(noStore) }
  }

  func reinstate(_ consumer: String, _ answer: @escaping @Sendable (PupError?) -> Void) {
    guard let store else { return answer(noStore) }
    revoked.consumers.remove(ConsumerRevocation.folded(consumer))
    apply()
    store.reinstate(consumer: consumer, then: Self.told(answer))
  }

  /// Programs that run keep a token in their environment that is dead from now on; they get a new one at their next start.
  func rotate(by consumer: String, _ answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void) {
    let me = LoopBound(self, to: control)
    queries.post { [control, secretFile] in
      do throws(TokenSecretError) {
        let fresh = try TokenSecret.replace(path: secretFile)
        control.post { me { $0.rotated(to: fresh, by: consumer, answer) } }
      } catch {
        answer(.failure(PupError(.unavailable, "\(error)")))
      }
    }
  }

  private func rotated(
    to fresh: TokenSecret, by consumer: String, _ answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void
  ) {
    secret = fresh
    authorizer?.rotate(fresh)
    log(.warn, .api, "a new secret signs tokens (\(consumer)): every token made before is dead")
    let token = WebToken(consumer: consumer, expires: Self.now + 3600)
    answer(.success(SecretRotated(token: token.signed(with: fresh))))
  }

  /// To a request that needs the database where there is none.
  var noStore: PupError {
    PupError(
      .unavailable,
      isSafe
        ? "the database is not used in safe mode, which ends by itself (pup status says when) or with pup upgrade"
        : "the database could not be opened; Pup's log says why")
  }

  /// What could not be written is in force for this brain, but not for the next one.
  private static func told(_ answer: @escaping @Sendable (PupError?) -> Void) -> @Sendable (StoreOutcome) -> Void {
    { outcome in
      switch outcome {
      case .saved: answer(nil)
      case .delayed(let error): answer(PupError(.unavailable, "in force, but not on disk yet, and tried again: \(error)"))
      case .refused(let error): answer(PupError(.unavailable, "in force until the supervisor is restarted only: \(error)"))
      }
    }
  }
}
