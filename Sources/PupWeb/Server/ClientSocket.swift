internal import CLinux
internal import Glibc

/// Bytes from and to a client; over TLS where the listener has a certificate. Never blocks. Belongs to the loop's thread.
final class ClientSocket {
  enum Received {
    /// So many bytes were appended; none may be there yet.
    case bytes(Int)
    /// The client sends nothing more, or the connection is broken.
    case end
  }

  /// Read at once, and encrypted at once.
  private static let piece = 16 << 10
  /// A client that has TLS answer again and again, and reads none of it, is gone.
  private static let mostUnread = 256 << 10

  let descriptor: Int32
  private let tls: TLSSession?
  /// What waits to be sent: what we say, and with TLS what goes over the network of it.
  private var queue = ByteQueue()
  private var wire = ByteQueue()

  /// Takes the descriptor over.
  init(_ descriptor: Int32, tls: TLSSession?) {
    self.descriptor = descriptor
    self.tls = tls
  }

  /// How many bytes the kernel has taken.
  private(set) var taken = 0

  /// How many bytes have not been taken by the kernel yet.
  var pending: Int { queue.count + wire.count }

  // MARK: - Reading

  func receive(_ bytes: inout [UInt8]) -> Received {
    let before = bytes.count
    var chunk = [UInt8](repeating: 0, count: Self.piece)
    let count = recv(descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) ? .bytes(0) : .end }
    guard let tls else {
      bytes.append(contentsOf: chunk[..<count])
      return .bytes(count)
    }
    let outcome = tls.receive(chunk[..<count], &bytes)
    // Shaking hands needs answers; so does what is refused.
    wire.append { tls.take(&$0) }
    guard flush(), wire.count <= Self.mostUnread else { return .end }
    return outcome == .going || bytes.count > before ? .bytes(bytes.count - before) : .end
  }

  /// Nothing more will come from the client. It may still read: that is not known before something is sent.
  var hasEnded: Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    return count == 0 || count < 0 && errno == ECONNRESET
  }

  /// Who it is, for the log: "127.0.0.1:41236", "[::1]:41236", or "pid:17,uid:1000" on a unix socket.
  var peer: String {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name -> Int32 in
        guard getpeername(descriptor, name, &length) == 0 else { return -1 }
        if Int32(name.pointee.sa_family) == AF_UNIX { return 1 }
        return getnameinfo(
          name, length, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV)
      }
    }
    var (pid, uid): (Int32, UInt32) = (0, 0)
    if code == 1, pup_peer_credentials(descriptor, &pid, &uid) == 0 { return "pid:\(pid),uid:\(uid)" }
    guard code == 0 else { return "-" }
    func text(_ bytes: [CChar]) -> String {
      String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    return text(host).contains(":") ? "[\(text(host))]:\(text(port))" : "\(text(host)):\(text(port))"
  }

  // MARK: - Sending

  func enqueue(_ bytes: some Collection<UInt8>) { queue.append(bytes) }

  /// Sends what the kernel takes. False when the connection is broken.
  func flush() -> Bool {
    while true {
      if let tls, wire.isEmpty {
        if !queue.isEmpty {
          let count = min(queue.count, Self.piece)
          guard tls.send(queue.prefix(count)) else { return false }
          queue.removeFirst(count)
        }
        wire.append { tls.take(&$0) }
      }
      let sent = tls == nil ? transmit(&queue) : transmit(&wire)
      guard let sent else { return false }
      if sent == 0 || tls == nil || wire.isEmpty && queue.isEmpty { return true }
    }
  }

  /// - Returns: how many bytes the kernel took; nil when the connection is broken.
  private func transmit(_ bytes: inout ByteQueue) -> Int? {
    var sent = 0
    while !bytes.isEmpty {
      let count = bytes.prefix(.max).withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { break }
      guard count > 0 else { return nil }
      bytes.removeFirst(count)
      sent += count
      taken &+= count
    }
    return sent
  }

  /// Nothing more will be sent.
  func endSending() {
    if let tls {
      tls.sendGoodbye()
      _ = flush()
    }
    // What did not go out never will.
    (queue, wire) = (ByteQueue(), ByteQueue())
    shutdown(descriptor, Int32(SHUT_WR))
  }

  func close() { Glibc.close(descriptor) }
}
