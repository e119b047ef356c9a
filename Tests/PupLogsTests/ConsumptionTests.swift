import CLinux
import Glibc
import PupSystem
import PupTestSupport
import Synchronization
import Testing

@testable import PupLogs

/// The keeper takes what is written out of the pipes, and may be silent, slow, or forestalled.
@Suite(.timeLimit(.minutes(6))) struct ConsumptionTests {
  @Test(arguments: [1, 7, 100, 4_096]) func packetsArriveWhole(size: Int) throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0, packets: true)
    try bench.attach(1)
    let count = 2_000
    let written = onThread {
      for number in 0..<count {
        var packet = [UInt8](repeating: UInt8(97 + number % 26), count: size)
        if number % 3 == 0 { packet[size - 1] = 10 }
        writeAll(out, packet)
      }
      close(out)
    }
    #expect(written.take() == true)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    var expected: [UInt8] = []
    for number in 0..<count {
      var packet = [UInt8](repeating: UInt8(97 + number % 26), count: size)
      if number % 3 == 0 { packet[size - 1] = 10 }
      expected += packet
    }
    let lines = expected.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    #expect(bench.texts() == (lines.last == "" ? lines.dropLast() : lines))
  }

  @Test func anEndedTreeIsDrainedInManyBatches() throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try check(pup_pipe_set_capacity(out, 1 << 20), "F_SETPIPE_SZ")
    writeAll(out, [UInt8](repeating: 120, count: 1 << 20))
    close(out)
    try bench.attach(1)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(bench.texts().map(\.utf8.count) == [1 << 20])
  }

  @Test func manyWritersCostFewRequests() throws {
    let bench = try PumpBench()
    try bench.start()
    let writers = try (0..<20).map { number in
      let out = try bench.makeStream(UInt64(number + 1), row: number)
      try bench.attach(UInt64(number + 1), process: "p\(number)")
      return onThread {
        for line in 0..<2_000 { writeAll(out, Array("line \(line)\n".utf8)) }
        close(out)
      }
    }
    for (number, writer) in writers.enumerated() {
      #expect(writer.take() == true)
      bench.pump.treeEnded(key: UInt64(number + 1))
    }
    for _ in writers { #expect(bench.drained.take() != nil) }
    let expected = (0..<2_000).map { "line \($0)" }
    for number in 0..<20 { #expect(bench.texts(LogQuery(processes: ["P\(number)"])) == expected) }
    #expect(bench.keeper.requests.withLock { $0 } < 4_000)
  }

  @Test func aSilentKeeperIsAskedAgainAfterItsReplacement() throws {
    struct Deaf: StreamConsumer { func consume(_ requests: [ConsumeRequest]) {} }
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    bench.pump.reattach(consumer: Deaf())
    try bench.attach(1)
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    writeAll(out, Array("one\n".utf8))
    #expect(!follower.poll(timeoutMilliseconds: 20_000).isEmpty)
    writeAll(out, Array("two\n".utf8))
    close(out)
    bench.pump.treeEnded(key: 1)
    bench.pump.reattach(consumer: bench.keeper)
    #expect(bench.drained.take() == 1)
    #expect(bench.texts() == ["one", "two"])
  }

  @Test func aProgramThatReadsItsOwnOutputIsTold() throws {
    struct Thief: StreamConsumer {
      let keeper: TestKeeper
      let readEnd: Int32
      func consume(_ requests: [ConsumeRequest]) {
        var bytes = [UInt8](repeating: 0, count: 4)
        read(readEnd, &bytes, 4)
        keeper.consume(requests)
      }
    }
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    let readEnd = try #require(bench.keeper.streams.withLock { $0[1]?.readEnd })
    bench.pump.reattach(consumer: Thief(keeper: bench.keeper, readEnd: readEnd))
    try bench.attach(1)
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    writeAll(out, Array("one\ntwo\n".utf8))
    var seen: [String] = []
    while !seen.contains(where: { $0.contains("reads its own output") }) {
      let lines = follower.poll(timeoutMilliseconds: 2000)
      #expect(!lines.isEmpty)
      if lines.isEmpty { break }
      seen += lines.map { String(decoding: $0.text, as: UTF8.self) }
    }
    bench.pump.reattach(consumer: bench.keeper)
    writeAll(out, Array("three\n".utf8))
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(bench.texts().last == "three")
  }

  @Test func whatIsNoPipeIsReadDirectly() throws {
    let bench = try PumpBench()
    try bench.start()
    var ends: [Int32] = [0, 0]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    bench.keeper.ledger.allocate(row: 0, key: 1)
    bench.pump.attach(
      StreamAttachment(
        row: 0, key: 1, descriptor: Descriptor(ends[0]), process: "web", which: .standardOutput, consumed: 0,
        destination: LogDestination(console: false)))
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    writeAll(ends[1], Array("one\ntwo\nthr".utf8))
    var count = 0
    while count < 3 {
      let lines = follower.poll(timeoutMilliseconds: 2000)
      #expect(!lines.isEmpty)
      if lines.isEmpty { break }
      count += lines.count
    }
    writeAll(ends[1], Array("ee\nend".utf8))
    close(ends[1])
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(bench.texts() == ["one", "two", "three", "end"])
    #expect(bench.texts(LogQuery(processes: ["core"])).contains { $0.contains("read directly") })
  }

  @Test func withoutStoreAndFilesTheOutputIsOnlyConsumed() throws {
    let bench = try PumpBench(store: false)
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    writeAll(out, Array("one\n".utf8))
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(bench.keeper.consumed(1) == 4)
    #expect(names(in: bench.folder.path).isEmpty)
  }

  @Test func aStreamThatIsUnknownCountsAsDrained() throws {
    let bench = try PumpBench()
    try bench.start()
    bench.pump.treeEnded(key: 99)
    #expect(bench.drained.take() == 99)
  }
}
