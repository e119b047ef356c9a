import Glibc
import PupSystem
import Synchronization
import Testing

@testable import PupLogs

/// What a program has written of a line is shown before its line feed comes.
@Suite(.timeLimit(.minutes(6))) struct UnfinishedLineTests {
  @Test func aPromptIsVisibleBeforeItsLineEnds() throws {
    let bench = try PumpBench()
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    defer { close(out) }
    try bench.attach(1)
    let query = LogQuery(processes: ["web"])
    let follower = try LogFollower(query, from: bench.reader.snapshot(query))
    let (start, before) = (Clock.boot, Clock.wallMicroseconds)
    writeAll(out, Array("name? ".utf8))
    var lines: [LogLine] = []
    while lines.isEmpty, Clock.boot - start < 20_000_000_000 { lines = follower.poll(timeoutMilliseconds: 500) }
    // The time at which it began, not that at which it was shown.
    let time = lines.first?.time.microseconds ?? 0
    #expect(time >= before - 1000 && Clock.wallMicroseconds - time >= 199_000, "\(time - before)")
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
}
