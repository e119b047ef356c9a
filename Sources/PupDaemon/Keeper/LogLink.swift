internal import Glibc
internal import PupBasics
internal import PupLogs
internal import PupSystem

/// The log socket to the keeper, on the log loop: "consume" goes out in batches, "consumed" comes back.
///
/// Unchecked: the control loop makes it and hands it over; from `start` on it is used on the log loop's thread only, and the
/// protocol that the pump calls it by has to be Sendable.
final class LogLink: StreamConsumer, @unchecked Sendable {
  private let socket: PacketSocket
  private let loop: EventLoop
  private var registration: Registration?
  /// Requests that wait for room, at most one per stream: a later offset covers an earlier one.
  private var waiting: [UInt64: UInt64] = [:]
  private var isBlocked = false
  private let onConsumed: @Sendable ([ConsumeReply]) -> Void

  private let onMisfit: @Sendable (FormatError) -> Void
  private let onFailure: @Sendable (SystemError) -> Void

  /// - Parameters:
  ///   - onMisfit: a message was not understood.
  ///   - onFailure: nothing passes any more, though the keeper has not ended.
  init(
    socket: Descriptor, loop: EventLoop, onConsumed: @escaping @Sendable ([ConsumeReply]) -> Void,
    onMisfit: @escaping @Sendable (FormatError) -> Void, onFailure: @escaping @Sendable (SystemError) -> Void
  ) {
    self.socket = PacketSocket(socket)
    self.loop = loop
    self.onConsumed = onConsumed
    self.onMisfit = onMisfit
    self.onFailure = onFailure
  }

  /// On the log loop.
  func start() {
    do throws(SystemError) {
      registration = try loop.register(socket.descriptor, .read) { [weak self] readiness in self?.serve(readiness) }
    } catch {
      onFailure(error)
    }
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
      do throws(SystemError) {
        guard try socket.send(LogMessage(items: batch).encoded()) else {
          if !isBlocked, let registration {
            try loop.modify(registration, [.read, .write])
            isBlocked = true
          }
          return
        }
      } catch {
        return failed(error)
      }
      for item in batch { waiting[item.key] = nil }
    }
    guard isBlocked, let registration else { return }
    do throws(SystemError) {
      try loop.modify(registration, .read)
      isBlocked = false
    } catch {
      failed(error)
    }
  }

  /// The keeper's end is reported by the control socket, and starts a new one, which is asked for everything that waits here.
  private func failed(_ error: SystemError) {
    waiting = [:]
    guard ![EPIPE, ECONNRESET, ENOTCONN].contains(error.errno) else { return }
    shut()
    onFailure(error)
  }

  private func serve(_ readiness: Readiness) {
    if readiness.contains(.write) { flush() }
    for _ in 0..<64 {
      let received: PacketSocket.Received
      do throws(SystemError) {
        received = try socket.receive()
      } catch {
        shut()
        return failed(error)
      }
      switch received {
      case .nothing: return
      // The control socket's end is what starts a new keeper.
      case .end: return shut()
      case .packet(let packet):
        let message: LogMessage
        do throws(FormatError) {
          guard let known = try LogMessage.decoded(packet.bytes[...]) else { continue }
          message = known
        } catch {
          onMisfit(error)
          continue
        }
        onConsumed(message.items.map { ConsumeReply(key: $0.key, upTo: $0.upTo, short: $0.short) })
      }
    }
  }
}
