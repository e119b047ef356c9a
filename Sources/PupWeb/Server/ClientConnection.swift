/// What is known of a connection besides what libmicrohttpd knows. Belongs to the loop's thread.
final class ClientConnection {
  let handle: OpaquePointer
  let socket: Int32
  /// The connection is cut then (CLOCK_BOOTTIME, nanoseconds).
  var deadline: Int64
  /// The request line's second word, up to its first NUL.
  var target: [UInt8] = []
  var exchange: Exchange?

  init(handle: OpaquePointer, socket: Int32, deadline: Int64) {
    self.handle = handle
    self.socket = socket
    self.deadline = deadline
  }
}
