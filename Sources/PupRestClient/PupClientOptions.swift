/// A client's timeouts, retries and limits.
public struct PupClientOptions: Hashable, Sendable {
  /// The timeout for one attempt, and for connecting.
  public var timeout: Duration = .seconds(3)
  /// The number of attempts after the first one.
  public var retries = 3
  /// The delay before the first retry; doubles each time, minus a random part of up to a half.
  public var retryDelay: Duration = .milliseconds(100)
  /// The delay before reconnecting the event stream; doubles up to `longestReconnectDelay`.
  public var reconnectDelay: Duration = .milliseconds(2500)
  /// The longest delay between two connections of the event stream.
  public var longestReconnectDelay: Duration = .seconds(30)
  /// An event stream without even a comment for this long is dropped and reconnected.
  public var streamSilence: Duration = .seconds(60)
  /// The number of events buffered per reader; further ones are counted as lost.
  public var eventBuffer = 4096
  /// A PEM file of certificates to trust for HTTPS instead of the system's.
  public var certificateAuthority: String?

  /// The delays and limits used by Pup's own command line.
  public init() {}
}
