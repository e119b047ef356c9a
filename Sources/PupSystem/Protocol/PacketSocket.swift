internal import CLinux
internal import Glibc

/// One end of a `SOCK_SEQPACKET` pair, never blocking.
package final class PacketSocket: @unchecked Sendable {
  /// The longest message; longer contents travel as sealed memfds.
  package static let capacity = 64 * 1024

  package struct Packet: Sendable {
    package var bytes: [UInt8]
    package var descriptors: [Descriptor]
  }

  package enum Received: Sendable {
    case packet(Packet)
    case nothing
    /// The other side is gone.
    case end
  }

  private let socket: Descriptor
  private var buffer = [UInt8](repeating: 0, count: PacketSocket.capacity)
  private var received = [Int32](repeating: -1, count: 253)

  package init(owning descriptor: Int32) { socket = Descriptor(descriptor) }

  package init(_ socket: Descriptor) { self.socket = socket }

  /// For epoll, and for a program that inherits it.
  package var descriptor: Int32 { socket.number }

  /// - Returns: false if the socket is full (nothing was sent).
  /// - Throws: EPIPE, ECONNRESET if the other side is gone.
  package func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws(SystemError) -> Bool {
    let sent = pup_send_packet(descriptor, bytes, bytes.count, descriptors, Int32(descriptors.count))
    if sent == -Int64(EAGAIN) || sent == -Int64(ENOBUFS) || sent == -Int64(ENOMEM) { return false }
    try check(sent, "sendmsg")
    return true
  }

  package func receive() throws(SystemError) -> Received {
    let packet = pup_receive_packet(descriptor, &buffer, buffer.count, &received, Int32(received.count))
    if packet.length == -Int64(EAGAIN) { return .nothing }
    if packet.length == 0 || packet.length == -Int64(ECONNRESET) { return .end }
    try check(packet.length, "recvmsg")
    let descriptors = received[0..<Int(packet.fd_count)].map { Descriptor($0) }
    return .packet(Packet(bytes: Array(buffer[0..<Int(packet.length)]), descriptors: descriptors))
  }
}
