internal import CLinux
internal import Glibc
internal import PupLogs
internal import PupSystem

/// The log socket to the keeper, on the log loop: "consume" goes out in batches, "consumed" comes back.
final class LogLink: StreamConsumer, @unchecked Sendable {
  private let socket: PacketSocket
  private let loop: EventLoop
  private var registration: Registration?
  /// Requests that wait for room, at most one per stream: a later offset covers an earlier one.
  private var waiting: [UInt64: UInt64] = [:]
  private var isBlocked = false
  private let onConsumed: @Sendable ([ConsumeReply]) -> Void

  init(socket descriptor: Int32, loop: EventLoop, onConsumed: @escaping @Sendable ([ConsumeReply]) -> Void) {
    socket = PacketSocket(owning: descriptor)
    self.loop = loop
    self.onConsumed = onConsumed
  }

  /// On the log loop.
  func start() {
    registration = try? loop.register(socket.descriptor, .read) { [weak self] readiness in self?.serve(readiness) }
  }

  /// On the log loop.
  func shut() {
    if let registration { loop.deregister(registration) }
    registration = nil
  }

  func consume(_ requests: [ConsumeRequest]) {
    for request in requests { waiting[request.key] = max(waiting[request.key] ?? 0, request.upTo) }
    if !isBlocked { flush() }
  }

  private func flush() {
    while !waiting.isEmpty {
      let batch = waiting.prefix(LogMessage.limit).map { LogMessage.Item(key: $0.key, upTo: $0.value) }
      guard let accepted = try? socket.send(LogMessage(items: batch).encoded()) else {
        waiting = [:]
        return
      }
      guard accepted else {
        if !isBlocked, let registration { try? loop.modify(registration, [.read, .write]) }
        isBlocked = true
        return
      }
      for item in batch { waiting[item.key] = nil }
    }
    if isBlocked, let registration { try? loop.modify(registration, .read) }
    isBlocked = false
  }

  private func serve(_ readiness: Readiness) {
    if readiness.contains(.write) { flush() }
    for _ in 0..<64 {
      guard let received = try? socket.receive() else { return shut() }
      switch received {
      case .nothing: return
      // The control socket's end is what starts a new keeper.
      case .end: return shut()
      case .packet(let packet):
        for descriptor in packet.descriptors { close(descriptor) }
        guard let message = try? LogMessage(decoding: packet.bytes[...]) else { continue }
        onConsumed(message.items.map { ConsumeReply(row: 0, key: $0.key, upTo: $0.upTo, short: $0.short) })
      }
    }
  }
}
