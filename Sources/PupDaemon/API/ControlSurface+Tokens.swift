internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupStore
internal import PupSystem
internal import PupTokens

/// Tokens: issued, listed, revoked. The store remembers them; the authorizer acts on them at once.
extension ControlSurface {
  /// The time for which the token in a program's environment is good: a year, as the original's.
  private static let programLife: Int64 = 365 * 86_400

  /// Where it cannot be read who is revoked, only Pup's own tokens count: better nobody else than somebody who was locked out.
  func loadRevocations() {
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
    authorizer?.setRevoked(consumers: configuration.revoked + revoked.consumers, tokenIDs: Array(revoked.tokenIDs))
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
    let path = paths.secretFile
    // The disk is waited for elsewhere.
    queries.loop.post { [control, weak self] in
      do throws(TokenSecretError) {
        let fresh = try TokenSecret.replace(path: path)
        control.post { [weak self] in self?.rotated(to: fresh, by: consumer, answer) }
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
