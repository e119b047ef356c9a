public import PupAPI
internal import Synchronization

/// A client of a running Pup.
///
///     let client = try PupRestClient("127.0.0.1:49152", token)
///     try await client.restart("web", wait: .seconds(30))
///
/// Every call throws `PupError`. Calls end early, with the code `cancelled`, when their task is cancelled.
public final class PupRestClient: Sendable {
  let endpoint: Endpoint
  let options: PupClientOptions
  let engine = TransferEngine()
  let stream: EventStream
  private let token: TokenBox

  /// A client that has no connection yet: calls make them as they are needed, and keep them.
  /// - Parameters:
  ///   - url: `http://host:port`, `https://host:port`, `unix:///path` or `host:port`. Where the environment has `PUP_API_SOCKET` and this
  ///     is the host and port of `PUP_API_HOSTNAME` and `PUP_API_PORT`, the socket is dialled.
  ///   - token: what follows `Bearer`.
  ///   - eventStream: connect to the stream of events now, not with the first reader.
  /// - Throws: `invalidParameter` for an address or a token that cannot be one.
  public convenience init(
    _ url: String, _ token: String, eventStream: Bool = false, options: PupClientOptions = PupClientOptions()
  ) throws(PupError) {
    try self.init(url, token, eventStream: eventStream, options: options, environment: ProgramEnvironment.current())
  }

  init(
    _ url: String, _ token: String, eventStream: Bool, options: PupClientOptions, environment: [String: String]
  ) throws(PupError) {
    endpoint = try Endpoint(url, environment: environment)
    self.options = options
    let box = TokenBox(try Self.checked(token))
    self.token = box
    stream = EventStream(engine: engine, endpoint: endpoint, options: options) { box.current }
    if eventStream { stream.start() }
  }

  deinit { close() }

  /// Ends the stream and every call that is under way. The client cannot be used afterwards.
  public func close() {
    stream.close()
    engine.stop()
  }

  // MARK: The token

  /// Uses a fresh token from now on; an open stream of events goes on with it.
  /// - Throws: `invalidParameter` for text that cannot be a token; the old one stays in use.
  public func refresh(token: String) throws(PupError) {
    self.token.replace(try Self.checked(token))
    stream.tokenChanged()
  }

  /// As `refresh(token:)`; what cannot be a token is ignored.
  public func refreshApiToken(_ token: String) { try? refresh(token: token) }

  var currentToken: String { token.current.text }

  private static func checked(_ token: String) throws(PupError) -> String {
    guard token.utf8.count <= 8192, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw PupError(.invalidParameter, "the token has characters that no token has; is it complete, and without a line end?")
    }
    return token
  }
}

final class TokenBox: Sendable {
  private let state: Mutex<ClientToken>

  init(_ text: String) { state = Mutex(ClientToken(text: text, revision: 0)) }

  var current: ClientToken { state.withLock { $0 } }

  func replace(_ text: String) {
    state.withLock { $0 = ClientToken(text: text, revision: $0.revision + 1) }
  }
}
