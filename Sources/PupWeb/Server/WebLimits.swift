internal import PupAPI

/// What clients may cost. Times in seconds.
package struct WebLimits: Sendable {
  package var pathBytes = 8 << 10
  package var headerBytes = 16 << 10
  /// A message between programs of the longest kind, and what is around it.
  package var bodyBytes = IPCMessage.longestData + (8 << 10)
  /// Of one listener, beside its streams; an eighth of the process's descriptors at most.
  package var connections = 1024
  /// Event streams and WebSockets of one listener; an eighth of the process's descriptors at most.
  package var streams = 1024
  /// Until the head of the first request is there.
  package var headSeconds = 10
  /// Until the whole body is there, or the whole message of a WebSocket.
  package var bodySeconds = 30
  /// Until the next request is there, on a connection that is kept.
  package var idleSeconds = 60
  /// Until the client has taken the answer.
  package var answerSeconds = 60
  /// The longest `?wait=`.
  package var waitSeconds = 300
  /// How long an answer to a failed authentication is held back.
  package var failureDelayMilliseconds = 250
  /// So many of these wait at the most; more are answered at once, with 429.
  package var heldRefusals = 128
  /// Between comments on an event stream that has nothing else to send.
  package var heartbeatSeconds = 15
  /// While events come thick, streams are written so often.
  package var coalesceMilliseconds = 10

  package init() {}
}
