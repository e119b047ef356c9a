import CLinux
import Glibc
import PupSystem
import PupTestSupport

/// The keeper's end of a control socket, in the hands of a test.
final class FakeKeeper: @unchecked Sendable {
  private var socket: PacketSocket?
  /// The brain's ends.
  let control: Int32
  let logs: Int32
  private let ownLogs: Int32

  init() throws {
    var (control, own, logs, ownLogs): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    try check(pup_seqpacket_pair(&control, &own), "socketpair")
    try check(pup_seqpacket_pair(&logs, &ownLogs), "socketpair")
    socket = PacketSocket(owning: own)
    (self.control, self.logs, self.ownLogs) = (control, logs, ownLogs)
  }

  deinit { close(ownLogs) }

  /// - Returns: false where the socket is full.
  @discardableResult
  func say(_ message: KeeperMessage, descriptors: [Int32] = []) throws -> Bool {
    try say(message.encoded(), descriptors: descriptors)
  }

  /// Whatever bytes.
  @discardableResult
  func say(_ bytes: [UInt8], descriptors: [Int32] = []) throws -> Bool {
    guard let socket else { throw Failure("the keeper is gone") }
    return try socket.send(bytes, descriptors: descriptors)
  }

  /// What has arrived from the brain by now; descriptors that came with it are closed.
  func hear() throws -> [BrainMessage] {
    var messages: [BrainMessage] = []
    while let socket, case .packet(let packet) = try socket.receive() {
      guard let message = try BrainMessage.decoded(packet.bytes[...]) else { throw Failure("an unknown message") }
      messages.append(message)
    }
    return messages
  }

  /// It dies.
  func end() { socket = nil }
}
