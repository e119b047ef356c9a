internal import Glibc
internal import PupBasics
internal import PupSystem

/// The control socket to the keeper, on the control loop. What does not fit into the socket waits here, in order.
final class KeeperLink {
  /// More than this many waiting messages mean that the keeper is stopped; supervision has nothing to gain from asking more.
  static let bound = 65_536

  /// Why one message will not reach the keeper.
  enum Loss: Hashable, Sendable {
    /// As many wait as may; the first one since there was room.
    case overflow(isFirst: Bool)
    /// This one cannot be sent, others can.
    case unsent(SystemError)
  }

  private struct Outgoing {
    var bytes: [UInt8]
    /// Closed with the message.
    var descriptors: [Descriptor]
  }

  private let socket: PacketSocket
  private let loop: EventLoop
  private var registration: Registration?
  private var queue: [Outgoing] = []
  private var isBlocked = false
  private var isOverflowing = false
  private(set) var isOpen = true
  private var whenEmpty: (@Sendable () -> Void)?
  private let onMessage: @Sendable (KeeperMessage, [Descriptor]) -> Void
  /// A message that is not understood, of this many bytes.
  private let onMisfit: @Sendable (FormatError, Int) -> Void
  private let onLoss: @Sendable (Loss) -> Void
  private let onEnd: @Sendable () -> Void

  init(
    socket: Descriptor, loop: EventLoop, onMessage: @escaping @Sendable (KeeperMessage, [Descriptor]) -> Void,
    onMisfit: @escaping @Sendable (FormatError, Int) -> Void, onLoss: @escaping @Sendable (Loss) -> Void,
    onEnd: @escaping @Sendable () -> Void
  ) {
    self.socket = PacketSocket(socket)
    self.loop = loop
    self.onMessage = onMessage
    self.onMisfit = onMisfit
    self.onLoss = onLoss
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
        do throws(FormatError) {
          guard let message = try KeeperMessage.decoded(packet.bytes[...]) else { continue }
          onMessage(message, packet.descriptors)
        } catch {
          onMisfit(error, packet.bytes.count)
        }
      }
    }
  }

  /// - Parameter owned: nobody else needs these descriptors: a message may wait, and what somebody else has open could be closed
  ///   meanwhile.
  func send(_ message: BrainMessage, owned: [Descriptor] = []) {
    enqueue { Outgoing(bytes: message.encoded(), descriptors: owned) }
  }

  private func enqueue(_ message: () -> Outgoing) {
    // A new keeper is told everything anew.
    guard isOpen else { return }
    guard queue.count < Self.bound else {
      let isFirst = !isOverflowing
      isOverflowing = true
      return onLoss(.overflow(isFirst: isFirst))
    }
    queue.append(message())
    if !isBlocked { flush() }
  }

  private func flush() {
    var sent = 0
    var losses: [Loss] = []
    defer {
      queue.removeFirst(sent)
      for loss in losses { onLoss(loss) }
    }
    while sent < queue.count {
      let next = queue[sent]
      let accepted: Bool
      do throws(SystemError) {
        accepted = try socket.send(next.bytes, descriptors: next.descriptors.map(\.number))
      } catch {
        guard error.errno == EPIPE || error.errno == ECONNRESET || error.errno == ENOTCONN else {
          losses.append(.unsent(error))
          sent += 1
          continue
        }
        // The reading side reports the end.
        sent = queue.count
        return
      }
      guard accepted else {
        if !isBlocked { isBlocked = listen(for: [.read, .write]) }
        return
      }
      sent += 1
    }
    isOverflowing = false
    if isBlocked { isBlocked = !listen(for: .read) }
    if let done = whenEmpty {
      whenEmpty = nil
      loop.post(done)
    }
  }

  /// - Returns: false where epoll refuses, for want of memory; the next message (a beat comes each second) tries again.
  private func listen(for events: Readiness) -> Bool {
    guard let registration else { return false }
    do throws(SystemError) {
      try loop.modify(registration, events)
      return true
    } catch {
      return false
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
