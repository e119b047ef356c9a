internal import CLinux
internal import Glibc
internal import PupSystem

/// The control socket to the keeper, on the control loop. What does not fit into the socket waits here, in order.
final class KeeperLink {
  /// More than this many waiting messages mean that the keeper is stopped; supervision has nothing to gain from asking more.
  private static let bound = 65_536

  private struct Outgoing {
    var bytes: [UInt8]
    var descriptors: [Int32]
    /// Close the descriptors once they are sent.
    var closes: Bool
  }

  private let socket: PacketSocket
  private let loop: EventLoop
  private var registration: Registration?
  private var queue: [Outgoing] = []
  private var isBlocked = false
  private(set) var isOpen = true
  private var whenEmpty: (@Sendable () -> Void)?
  private let onMessage: @Sendable (KeeperMessage, [Int32]) -> Void
  private let onEnd: @Sendable () -> Void

  init(
    socket descriptor: Int32, loop: EventLoop, onMessage: @escaping @Sendable (KeeperMessage, [Int32]) -> Void,
    onEnd: @escaping @Sendable () -> Void
  ) {
    socket = PacketSocket(owning: descriptor)
    self.loop = loop
    self.onMessage = onMessage
    self.onEnd = onEnd
  }

  /// - Parameter ready: calls `serve` on the owner's isolation.
  func start(_ ready: @escaping @Sendable (Readiness) -> Void) throws(SystemError) {
    registration = try loop.register(socket.descriptor, .read, handler: ready)
  }

  func serve(_ readiness: Readiness) {
    if readiness.contains(.write) { flush() }
    // Bounded, so that timers keep their turn under a flood of exits.
    for _ in 0..<128 {
      guard isOpen else { return }
      let received: PacketSocket.Received
      do {
        received = try socket.receive()
      } catch {
        return end()
      }
      switch received {
      case .nothing: return
      case .end: return end()
      case .packet(let packet):
        guard let message = try? KeeperMessage(decoding: packet.bytes[...]) else {
          for descriptor in packet.descriptors { close(descriptor) }
          continue
        }
        onMessage(message, packet.descriptors)
      }
    }
  }

  /// - Parameter closes: the descriptors belong to the message from here on.
  func send(_ message: BrainMessage, descriptors: [Int32] = [], closes: Bool = false) {
    guard isOpen, queue.count < Self.bound else {
      if closes { for descriptor in descriptors { close(descriptor) } }
      return
    }
    queue.append(Outgoing(bytes: message.encoded(), descriptors: descriptors, closes: closes))
    if !isBlocked { flush() }
  }

  private func flush() {
    var sent = 0
    defer { queue.removeFirst(sent) }
    while sent < queue.count {
      let next = queue[sent]
      let accepted: Bool
      do throws(SystemError) {
        accepted = try socket.send(next.bytes, descriptors: next.descriptors)
      } catch {
        guard error.errno == EPIPE || error.errno == ECONNRESET || error.errno == ENOTCONN else {
          // This message cannot be sent, others can.
          if next.closes { for descriptor in next.descriptors { close(descriptor) } }
          sent += 1
          continue
        }
        // The reading side reports the end.
        for message in queue[sent...] where message.closes { for descriptor in message.descriptors { close(descriptor) } }
        sent = queue.count
        return
      }
      guard accepted else {
        if !isBlocked, let registration { try? loop.modify(registration, [.read, .write]) }
        isBlocked = true
        return
      }
      if next.closes { for descriptor in next.descriptors { close(descriptor) } }
      sent += 1
    }
    if isBlocked, let registration { try? loop.modify(registration, .read) }
    isBlocked = false
    if let done = whenEmpty {
      whenEmpty = nil
      loop.post(done)
    }
  }

  /// Calls back when everything that was sent until now is in the keeper's hands.
  func drain(then done: @escaping @Sendable () -> Void) {
    guard isOpen, !queue.isEmpty else { return done() }
    whenEmpty = done
  }

  private func end() {
    guard isOpen else { return }
    shut()
    onEnd()
  }

  func shut() {
    isOpen = false
    if let registration { loop.deregister(registration) }
    registration = nil
  }
}
