/// How patient a client is.
public struct PupClientOptions: Hashable, Sendable {
  /// For one attempt, and for making a connection.
  public var timeout: Duration = .seconds(3)
  /// Further attempts after the first one.
  public var retries = 3
  /// Before the first further attempt; doubles each time, less up to a half at random.
  public var retryDelay: Duration = .milliseconds(100)
  /// Before the stream of events is connected again; doubles up to `longestReconnectDelay`.
  public var reconnectDelay: Duration = .milliseconds(2500)
  /// The longest delay between two connections of the stream of events.
  public var longestReconnectDelay: Duration = .seconds(30)
  /// A stream on which not even a comment comes for so long is given up and made anew.
  public var streamSilence: Duration = .seconds(60)
  /// Events that wait for one reader; later ones are counted as lost.
  public var eventBuffer = 4096
  /// A file with certificates (PEM) to trust for https, instead of the system's.
  public var certificateAuthority: String?

  /// The delays and limits that Pup's own command line uses.
  public init() {}
}
