import CLinux
import Glibc
import PupBasics
import PupSystem
import Testing

@testable import PupDaemon

/// The link on a loop that does not run, with the test as the keeper.
@Suite struct KeeperLinkTests {
  private final class Bench {
    let keeper: PacketSocket
    let link: KeeperLink
    let heard = Heard()

    init() throws {
      var (one, other): (Int32, Int32) = (-1, -1)
      try #require(pup_seqpacket_pair(&one, &other) >= 0)
      keeper = PacketSocket(owning: other)
      let heard = heard
      link = KeeperLink(
        socket: Descriptor(one), loop: try EventLoop(name: "link"), onMessage: { message, _ in heard.messages.append(message) },
        onMisfit: { error, count in heard.misfits.append((error, count)) }, onLoss: { heard.losses.append($0) },
        onEnd: { heard.isEnded = true })
      try link.start { _ in }
    }

    /// Takes all that is in the socket, and lets the link send more.
    /// - Returns: false when there was nothing.
    func drain() throws -> Bool {
      var hasSome = false
      while case .packet = try keeper.receive() { hasSome = true }
      link.serve(.write)
      return hasSome
    }
  }

  private final class Heard: @unchecked Sendable {
    var messages: [KeeperMessage] = []
    var misfits: [(FormatError, Int)] = []
    var losses: [KeeperLink.Loss] = []
    var isEnded = false
  }

  @Test func whatAStoppedKeeperDoesNotTakeIsDroppedAndReported() throws {
    let bench = try Bench()
    while bench.heard.losses.isEmpty { bench.link.send(.beat) }
    for _ in 0..<99 { bench.link.send(.beat) }
    #expect(bench.heard.losses.count == 100)
    #expect(bench.heard.losses.filter { $0 == .overflow(isFirst: true) }.count == 1)
    #expect(bench.heard.losses.first == .overflow(isFirst: true))
    // The keeper goes on, and stops again.
    while try bench.drain() {}
    bench.heard.losses = []
    bench.link.send(.beat)
    #expect(bench.heard.losses.isEmpty)
    while bench.heard.losses.isEmpty { bench.link.send(.beat) }
    #expect(bench.heard.losses == [.overflow(isFirst: true)])
  }

  @Test func aMessageThatCannotBeSentIsReportedAndHoldsUpNothing() throws {
    let bench = try Bench()
    bench.link.send(.drop(name: "x"), owned: [Descriptor(9999)])
    bench.link.send(.beat)
    #expect(bench.heard.losses == [.unsent(SystemError("sendmsg", errno: EBADF))])
    var received: [UInt8]?
    if case .packet(let packet) = try bench.keeper.receive() { received = packet.bytes }
    #expect(received == BrainMessage.beat.encoded())
  }

  @Test func aMessageThatIsNotUnderstoodIsReportedAndTheNextOneIsHeard() throws {
    let bench = try Bench()
    #expect(try bench.keeper.send([0xFF, 0xFF, 0xFF]))
    #expect(try bench.keeper.send(KeeperMessage.hangUp.encoded()))
    bench.link.serve(.read)
    #expect(bench.heard.misfits.map(\.1) == [3])
    #expect(bench.heard.messages == [.hangUp])
    #expect(!bench.heard.isEnded)
  }

  @Test func aFloodIsReportedLessAndLess() {
    #expect((1...100 as ClosedRange<UInt64>).filter { KeeperLinkCounters.isReported($0) } == [1, 2, 4, 8, 16, 32, 64])
  }
}
