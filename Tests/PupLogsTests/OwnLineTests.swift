import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

/// The lines that Pup writes itself, among those of the programs.
@Suite(.timeLimit(.minutes(6))) struct OwnLineTests {
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
}
