public import PupAPI
internal import Synchronization

/// A client for a running Pup.
///
///     let client = try PupRestClient("127.0.0.1:49152", token)
///     try await client.restart("web", wait: .seconds(30))
/// Every call throws `PupError`. A call whose task is cancelled ends early with the code `cancelled`.
///
/// It is long because it has a method for each call of the interface.
public final class PupRestClient: Sendable {
  let endpoint: Endpoint
  let options: PupClientOptions
  let engine = TransferEngine()
  let stream: EventStream
  private let token: TokenBox

  /// Creates a client without a connection: calls open connections as needed and keep them.
  /// - Parameters:
  ///   - url: `http://host:port`, `https://host:port`, `unix:///path` or `host:port`. If the environment has `PUP_API_SOCKET` and
  ///     this is the host and port of `PUP_API_HOSTNAME` and `PUP_API_PORT`, the socket is used.
  ///   - token: the text after `Bearer`.
  ///   - eventStream: whether to connect to the event stream now instead of with the first reader.
  ///   - options: timeouts, retries, certificates.
  /// - Throws: `invalidParameter` for an invalid address or token.
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

  /// Ends the event stream and every call in progress. The client cannot be used afterwards.
  public func close() {
    stream.close()
    engine.stop()
  }

  // MARK: The token

  /// Uses a fresh token from now on; an open event stream continues with it.
  /// - Throws: `invalidParameter` for text that cannot be a token; the old token stays in use.
  public func refresh(token: String) throws(PupError) {
    self.token.replace(try Self.checked(token))
    stream.tokenChanged()
  }

  /// Like `refresh(token:)`, but ignores text that cannot be a token.
  public func refreshApiToken(_ token: String) { try? refresh(token: token) }

  var currentToken: String { token.current.text }

  private static func checked(_ token: String) throws(PupError) -> String {
    guard token.utf8.count <= 8192, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw PupError(.invalidParameter, "the token has invalid characters; is it complete, and without a line break?")
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
