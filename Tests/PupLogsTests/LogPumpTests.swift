import Glibc
import PupSystem
import PupTestSupport
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
