internal import Glibc
internal import PupAPI
internal import PupCore
internal import PupInstance
internal import PupStore
internal import PupSystem
internal import PupTokens

/// The tokens of an instance that does not run. Holds its lock, so that none starts before they are written.
struct StoredTokenBook: TokenBook {
  private let paths: StoragePaths
  private let store: Store
  private let lock: Descriptor

  /// - Parameter lock: the instance's; closed at the end.
  init(_ paths: StoragePaths, lock: Descriptor) throws(CommandFailure) {
    self.paths = paths
    self.lock = lock
    store = try StoredInstance(paths).store
  }

  func create(_ request: TokenRequest) throws(CommandFailure) -> TokenCreated {
    let revoked = try asked { () throws(StoreError) in try store.loadRevokedConsumers() }
    if revoked.contains(where: { $0.consumer == ConsumerRevocation.folded(request.consumer) }) {
      throw CommandFailure(
        CommandFailure.notDone,
        "\"\(request.consumer)\" is revoked; choose another name, or run: pup token reinstate \(request.consumer)")
    }
    let now = Clock.wallMicroseconds
    let secret = try secret()
    let token = WebToken(
      consumer: request.consumer, scopes: request.scopes.map { $0.compactMap(TokenScope.init(text:)) },
      tokenID: TokenID.random(markedBy: secret), expires: request.expiresIn.map { now / 1_000_000 + $0 })
    let record = TokenRecord(
      id: token.tokenID ?? "", consumer: request.consumer, scopes: request.scopes ?? [], created: WallTime(microseconds: now),
      expires: token.expires.map { WallTime(microseconds: $0 * 1_000_000) })
    let text = token.signed(with: secret)
    try saved { store.add(record, then: $0) }
    let info = TokenInfo(stored: record, consumerRevoked: nil, marks: .of(secret))
    return TokenCreated(token: text, id: info.id, consumer: info.consumer, scopes: info.scopes, expires: info.expires)
  }

  func tokens() throws(CommandFailure) -> [TokenInfo] {
    let revoked = try asked { () throws(StoreError) in try store.loadRevokedConsumers() }
    let marks = SecretMarks(path: paths.secretFile)
    return try asked { () throws(StoreError) in try store.loadTokens() }.map { record in
      TokenInfo(
        stored: record, consumerRevoked: revoked.first { $0.consumer == ConsumerRevocation.folded(record.consumer) }?.time,
        marks: marks)
    }
  }

  func revoke(_ revocation: TokenRevocation) throws(CommandFailure) {
    let now = WallTime(microseconds: Clock.wallMicroseconds)
    try saved { then in
      switch revocation {
      case .id(let id): store.revokeToken(id, at: now, then: then)
      case .consumer(let name): store.revoke(ConsumerRevocation(consumer: name, time: now), then: then)
      }
    }
  }

  func reinstate(_ consumer: String) throws(CommandFailure) {
    try saved { store.reinstate(consumer: consumer, then: $0) }
  }

  func close() {
    store.close()
    lock.close()
  }

  func rotateSecret() throws(CommandFailure) {
    _ = try Self.secretFile { () throws(TokenSecretError) in try TokenSecret.replace(path: paths.secretFile) }
  }

  // MARK: -

  private func secret() throws(CommandFailure) -> TokenSecret {
    try Self.secretFile { () throws(TokenSecretError) in try TokenSecret.load(path: paths.secretFile) }
  }

  private static func secretFile<Value>(_ use: () throws(TokenSecretError) -> Value) throws(CommandFailure) -> Value {
    do throws(TokenSecretError) { return try use() } catch { throw CommandFailure(77, "\(error)") }
  }

  private func asked<Value>(_ question: () throws(StoreError) -> Value) throws(CommandFailure) -> Value {
    do throws(StoreError) { return try question() } catch { throw CommandFailure(70, "\(error)") }
  }

  private func saved(_ write: (@escaping @Sendable (StoreOutcome) -> Void) -> Void) throws(CommandFailure) {
    let latch = Latch<StoreOutcome>()
    write { latch.open(with: $0) }
    switch latch.wait() {
    case .saved: break
    case .delayed(let error), .refused(let error): throw CommandFailure(70, "\(error); nothing was changed")
    }
  }
}

extension TokenInfo {
  fileprivate init(stored record: TokenRecord, consumerRevoked: WallTime?, marks: SecretMarks) {
    self.init(
      id: record.id, consumer: record.consumer, scopes: record.scopes.isEmpty ? ["admin"] : record.scopes,
      created: ISODate(microseconds: record.created.microseconds),
      expires: record.expires.map { ISODate(microseconds: $0.microseconds) },
      revoked: (record.revoked ?? consumerRevoked).map { ISODate(microseconds: $0.microseconds) },
      void: marks.areForeign(record.id) ? TokenInfo.ofAnotherSecret : nil)
  }
}
