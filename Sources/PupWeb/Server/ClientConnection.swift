internal import CMicroHTTPD
internal import Glibc

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

  /// The client has left before its request was whole. libmicrohttpd does not hear of it where the end came together with the last bytes.
  var isAbandoned: Bool {
    switch exchange?.phase {
    case nil, .receiving: break
    case .handling, .answered, .sent, .closed: return false
    }
    return hasEnded
  }

  /// Nothing more will come from the client. It may still read: that is not known before something is sent.
  var hasEnded: Bool {
    var byte: UInt8 = 0
    let count = recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count == 0 || count < 0 && errno == ECONNRESET
  }
}
