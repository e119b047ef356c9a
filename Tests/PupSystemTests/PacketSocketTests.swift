import CLinux
import Glibc
import Testing

@testable import PupSystem

@Suite struct PacketSocketTests {
  private func pair() throws -> (PacketSocket, PacketSocket) {
    var (one, other): (Int32, Int32) = (-1, -1)
    try check(pup_seqpacket_pair(&one, &other), "socketpair")
    return (PacketSocket(owning: one), PacketSocket(owning: other))
  }

  @Test func packetsKeepTheirBoundsAndCarryDescriptors() throws {
    let (one, other) = try pair()
    let pipe = try Pipe()
    #expect(try one.send([1, 2, 3], descriptors: [pipe.readEnd]))
    #expect(try one.send([4]))
    guard case .packet(let first) = try other.receive(), case .packet(let second) = try other.receive() else {
      Issue.record("both packets should be there")
      return
    }
    #expect(first.bytes == [1, 2, 3])
    #expect(first.descriptors.count == 1)
    #expect(second.bytes == [4])
    pipe.write("x")
    var byte: UInt8 = 0
    #expect(read(first.descriptors[0].number, &byte, 1) == 1)
    // Received close-on-exec: a child must not inherit it.
    #expect(fcntl(first.descriptors[0].number, F_GETFD) & FD_CLOEXEC != 0)
    guard case .nothing = try other.receive() else {
      Issue.record("nothing more should be there")
      return
    }
  }

  @Test func aFullSocketSaysSoInsteadOfWaiting() throws {
    let (one, other) = try pair()
    var sent = 0
    while try one.send([UInt8](repeating: 7, count: 4096)) { sent += 1 }
    #expect(sent > 10)
    guard case .packet(let packet) = try other.receive() else {
      Issue.record("the first packet should be there")
      return
    }
    #expect(packet.bytes.count == 4096)
  }

  @Test func theOtherSidesEndIsTold() throws {
    var (one, other): (Int32, Int32) = (-1, -1)
    try check(pup_seqpacket_pair(&one, &other), "socketpair")
    let socket = PacketSocket(owning: one)
    close(other)
    guard case .end = try socket.receive() else {
      Issue.record("the end should be told")
      return
    }
    #expect(throws: SystemError.self) { _ = try socket.send([1]) }
  }
}
