import CLinux
import Glibc
import PupSystem
import PupTestSupport
import Synchronization
import Testing

@testable import PupLogs

@Suite(.timeLimit(.minutes(6))) struct LogPumpTests {
  @Test func linesOfBothStreamsAreStored() throws {
    let bench = try PumpBench()
    try bench.start()
    let (out, err) = (try bench.makeStream(1, row: 0), try bench.makeStream(2, row: 1))
    try bench.attach(1)
    try bench.attach(2, .standardError)
    writeAll(out, Array("one\ntwo\nunfinished".utf8))
    writeAll(err, Array("bad\n".utf8))
    bench.settle()
    for (key, end) in [(1, out), (2, err)] as [(UInt64, Int32)] {
      close(end)
      bench.pump.treeEnded(key: key)
      #expect(bench.drained.take() == key)
    }
    let lines = bench.reader.lines(LogQuery(processes: ["web"]))
    #expect(
      lines.filter { $0.severity == .log }.map { String(decoding: $0.text, as: UTF8.self) } == ["one", "two", "unfinished"])
    #expect(lines.filter { $0.severity == .error }.map(\.category) == ["stderr"])
    #expect(bench.keeper.consumed(1) == 18 && bench.keeper.consumed(2) == 4)
  }

  @Test func aPromptIsVisibleWithinHalfASecond() throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    defer { close(out) }
    try bench.attach(1)
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    let start = Clock.boot
    writeAll(out, Array("name? ".utf8))
    var lines: [LogLine] = []
    while lines.isEmpty, Clock.boot - start < 20_000_000_000 { lines = follower.poll(timeoutMilliseconds: 500) }
    #expect(Clock.boot - start < 500_000_000)
    #expect(lines.map(\.text) == [Array("name? ".utf8)])
    #expect(lines.first?.isPartial == true)
    writeAll(out, Array("bob\n".utf8))
    lines = []
    while lines.isEmpty, Clock.boot - start < 20_000_000_000 { lines = follower.poll(timeoutMilliseconds: 500) }
    #expect(lines.first?.isContinuation == true && lines.first?.isPartial == false)
    #expect(bench.texts() == ["name? bob"])
  }

  @Test(arguments: ["\r50 %", "."]) func whatIsRedrawnAllTheTimeIsShown(step: String) throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    // No pause between two writes is as long as a piece may be held.
    let isDone = Mutex(false)
    let written = onThread {
      while !isDone.withLock({ $0 }) {
        writeAll(out, Array(step.utf8))
        usleep(80_000)
      }
      close(out)
    }
    var lines: [LogLine] = []
    let start = Clock.boot
    while lines.count < 3, Clock.boot - start < 10_000_000_000 { lines += follower.poll(timeoutMilliseconds: 500) }
    #expect(lines.map(\.isPartial) == [true, true, true])
    #expect(lines.map(\.isContinuation) == [false, true, true])
    isDone.withLock { $0 = true }
    #expect(written.take() == true)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
  }

  @Test func aCharacterIsNotShownInHalves() throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    let text = "€uro žluť 漢字😀"
    writeAll(out, Array(text.utf8.dropLast(2)))
    var lines: [LogLine] = []
    let start = Clock.boot
    while lines.isEmpty, Clock.boot - start < 10_000_000_000 { lines = follower.poll(timeoutMilliseconds: 500) }
    writeAll(out, Array(text.utf8.suffix(2)))
    while lines.count < 2, Clock.boot - start < 10_000_000_000 { lines += follower.poll(timeoutMilliseconds: 500) }
    writeAll(out, [10])
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    // The line feed alone is nothing to show.
    let ends = follower.poll(timeoutMilliseconds: 100)
    #expect(ends.map(\.isBareEnd) == [true])
    #expect(lines.map { String(validating: $0.text, as: UTF8.self) } == ["€uro žluť 漢字", "😀"])
    #expect(bench.texts() == [text])
  }

  @Test func linesHaveTheSeverityThatTheySay() throws {
    let bench = try PumpBench()
    try bench.start()
    for (key, detects) in [(1, true), (2, false)] as [(UInt64, Bool)] {
      let err = try bench.makeStream(key, row: Int(key))
      try bench.attach(
        key, process: "p\(key)", .standardError, LogDestination(console: false, detectSeverity: detects))
      writeAll(err, Array("INFO:root:one\nplain\nERROR: two\nWARNING: three\n{\"level\":20}\n".utf8))
      close(err)
      bench.pump.treeEnded(key: key)
      #expect(bench.drained.take() == key)
    }
    let found = bench.reader.lines(LogQuery(processes: ["p1"]))
    #expect(found.map(\.severity) == [.info, .error, .error, .warn, .log])
    #expect(found.allSatisfy { $0.category == "stderr" })
    #expect(bench.reader.lines(LogQuery(processes: ["p2"])).map(\.severity) == Array(repeating: .error, count: 5))
  }

  @Test func halfAnEscapeSequenceIsNotShown() throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    writeAll(out, Array("ask\u{1B}[3".utf8))
    var lines: [LogLine] = []
    let start = Clock.boot
    while lines.isEmpty, Clock.boot - start < 20_000_000_000 { lines = follower.poll(timeoutMilliseconds: 500) }
    #expect(lines.map(\.text) == [Array("ask".utf8)])
    writeAll(out, Array("1mred\n".utf8))
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(bench.texts() == ["askred"])
  }

  @Test(arguments: [1, 3_000, 4_096, 5_000, 100_000]) func aWriterWithoutLineFeedsIsNeverStuck(writeSize: Int) throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let total = writeSize == 1 ? 3_000 : 1_000_000 / writeSize * writeSize
    let start = Clock.boot
    let written = onThread {
      for _ in 0..<(total / writeSize) { writeAll(out, [UInt8](repeating: 120, count: writeSize)) }
      close(out)
    }
    #expect(written.take() == true)
    // Each full pipe would take the 200 ms of a piece's age if being full could not be seen.
    #expect(Clock.boot - start < 1_500_000_000)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(bench.texts().map(\.utf8.count).reduce(0, +) == total)
  }

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

  @Test func aChangedDestinationTakesOverAtALine() throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    let (first, second) = (bench.folder.at("first"), bench.folder.at("second"))
    try bench.attach(1, .standardOutput, LogDestination(console: false, stdoutFile: first))
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    writeAll(out, Array("one\n".utf8))
    #expect(!follower.poll(timeoutMilliseconds: 20_000).isEmpty)
    bench.settle()
    bench.pump.setDestination(LogDestination(console: false, stdoutFile: second), process: "WEB")
    writeAll(out, Array("two\n".utf8))
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(text(first) == "one\n" && text(second) == "two\n")
  }

  @Test func ownLinesKeepTheirOrderAndGoWhereTheirProcessGoes() throws {
    let bench = try PumpBench()
    let (core, web) = (bench.folder.at("core.txt"), bench.folder.at("web.txt"))
    bench.options.core = LogDestination(console: false, stdoutFile: core, decorateFiles: true)
    try bench.start()
    bench.pump.setDestination(LogDestination(console: false, stdoutFile: web), process: "web")
    for number in 0..<1_000 { bench.pump.write(LogEntry(.info, "count", "\(number)")) }
    bench.pump.write(LogEntry(.log, "starting", "two\nlines", process: "web"))
    bench.settle()
    #expect(bench.texts(LogQuery(processes: ["core"])) == (0..<1_000).map { "\($0)" })
    #expect(bench.texts() == ["two", "lines"])
    #expect(text(web) == "web: two\nweb: lines\n")
    #expect(text(core).split(separator: "\n").first?.hasSuffix("[INFO] [core:count] 0") == true)
  }

  /// The last words are in the pipe when the end is known; they come first, and what Pup says afterwards keeps its order behind
  /// them.
  @Test func theEndOfARunIsToldBehindItsLastWords() throws {
    let bench = try PumpBench()
    bench.options.longestHold = 60_000_000_000
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    writeAll(out, Array("Traceback\n".utf8))
    bench.settle()
    // Within the pause that follows a batch nobody looks at the pipe.
    writeAll(out, Array("Error: no\n".utf8))
    var end = LogEntry(.warn, "errored", "failed: exit code 1", process: "web")
    end.followsOutput = true
    bench.pump.write(end)
    bench.pump.write(LogEntry(.log, "starting", "starting (the restart policy)", process: "web"))
    let query = LogQuery(processes: ["web"], follow: true)
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    while bench.texts().count < 4 { _ = follower.poll(timeoutMilliseconds: 1_000) }
    #expect(bench.texts() == ["Traceback", "Error: no", "failed: exit code 1", "starting (the restart policy)"])
    close(out)
  }

  @Test func lastWordsKeepNobodyElsesLines() throws {
    let bench = try PumpBench()
    bench.options.longestHold = 60_000_000_000
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    // The keeper's word never comes, so nobody can tell how much is left in the pipe.
    bench.keeper.answer(with: nil)
    writeAll(out, Array("Traceback\n".utf8))
    let query = LogQuery(processes: ["web"], follow: true)
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    while bench.texts().isEmpty { _ = follower.poll(timeoutMilliseconds: 1_000) }
    var end = LogEntry(.warn, "errored", "failed: exit code 1", process: "web")
    end.followsOutput = true
    bench.pump.write(end)
    bench.pump.write(LogEntry(.info, "core", "of Pup itself"))
    bench.pump.write(LogEntry(.log, "starting", "starting (cron)", process: "other"))
    bench.pump.write(LogEntry(.log, "starting", "starting (the restart policy)", process: "web"))
    while bench.texts(LogQuery(processes: ["other"])).isEmpty { sched_yield() }
    #expect(bench.texts(LogQuery(processes: ["core"])) == ["of Pup itself"])
    #expect(bench.texts(LogQuery(processes: ["web"])) == ["Traceback"])
    // At the end nothing is held.
    let done = Inbox<Bool>()
    bench.pump.flush { done.put(true) }
    #expect(done.take() == true)
    #expect(
      bench.texts(LogQuery(processes: ["web"])) == ["Traceback", "failed: exit code 1", "starting (the restart policy)"])
    close(out)
  }

  @Test func tooManyOwnLinesAreCounted() throws {
    let bench = try PumpBench()
    let loop = try EventLoop(name: "log")
    let pump = try LogPump(
      loop: loop, options: bench.options, streams: try bench.ledgers.streams(), sinks: try bench.ledgers.sinks(), console: nil,
      consumer: bench.keeper, onDrained: { _ in })
    // The loop does not run yet.
    for number in 0..<(EntryMailbox.capacity + 10) { pump.write(LogEntry(.log, "x", "\(number)")) }
    let thread = try LoopThread(running: loop)
    let done = Inbox<Bool>()
    pump.flush { done.put(true) }
    #expect(done.take() == true)
    loop.stop()
    thread.join()
    let lines = bench.texts(LogQuery(processes: ["core"]))
    #expect(lines.count == EntryMailbox.capacity + 1)
    #expect(lines.last?.hasPrefix("lost 10 lines") == true)
  }

  @Test func aStreamThatIsUnknownCountsAsDrained() throws {
    let bench = try PumpBench()
    try bench.start()
    bench.pump.treeEnded(key: 99)
    #expect(bench.drained.take() == 99)
  }

  @Test func aFullDiskNeverBlocksTheChild() throws {
    let bench = try PumpBench()
    put([], to: bench.logs)  // a file where the folder should be
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let written = onThread { for number in 0..<50_000 { writeAll(out, Array("line \(number)\n".utf8)) } }
    #expect(written.take() == true)
    unlink(bench.logs)
    // The count is told without another line, as soon as writing works again.
    let query = LogQuery(processes: ["web"])
    let start = Clock.boot
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    // It may have been written before the snapshot, which the follower does not show.
    while bench.texts().isEmpty, Clock.boot - start < 20_000_000_000 { _ = follower.poll(timeoutMilliseconds: 500) }
    #expect(bench.texts().first?.hasPrefix("lost 50000 lines: mkdir") == true)
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
  }

  @Test func segmentsAreClosedBeforeDescriptorsRunOut() throws {
    let bench = try PumpBench()
    try bench.start()
    for number in 0..<600 { bench.pump.write(LogEntry(.log, "x", "one", process: "p\(number)")) }
    for number in 0..<600 { bench.pump.write(LogEntry(.log, "x", "two", process: "p\(number)")) }
    let open = Inbox<Int>()
    bench.pump.onLoop { open.put($0.stores.values.count { $0.isOpen }) }
    let count = try #require(open.take())
    #expect(count <= LogPump.mostOpenStores && count > 100)
    #expect(bench.reader.lines(LogQuery()).count == 1_200)
    #expect(bench.texts(LogQuery(processes: ["p5"])) == ["one", "two"])
  }
}
