internal import PupSystem

/// Another protocol, to which the connection switches after this answer.
package struct Upgrade: Sendable {
  /// The headers of the answer.
  let headers: [(name: String, value: String)]
  /// Takes over the socket.
  /// - Parameters:
  ///   - early: bytes that have already arrived.
  ///   - close: ends the connection.
  let take:
    @Sendable (_ socket: ClientSocket, _ loop: EventLoop, _ early: [UInt8], _ close: @escaping () -> Void) ->
      any UpgradedConnection
}

/// Reads and writes the socket itself. Belongs to the loop's thread.
protocol UpgradedConnection: AnyObject {
  func start()
  /// The connection is closed or about to be closed.
  func finish()
}
