import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

/// A file system of one megabyte, which only root can make.
@Suite(.enabled(if: geteuid() == 0, "needs root to mount a small tmpfs"), .timeLimit(.minutes(5))) struct FullDiskTests {
  @Test func everyLineIsWrittenOrCounted() throws {
    let bench = try PumpBench()
    let disk = bench.folder.at("disk")
    mkdir(disk, 0o755)
    try #require(mount("none", disk, "tmpfs", 0, "size=1m") == 0)
    defer { umount2(disk, 2) }
    bench.options.directory = disk + "/logs"
    let file = disk + "/out.txt"
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1, .standardOutput, LogDestination(console: false, stdoutFile: file))
    let text = String(repeating: "x", count: 90)
    let count = 30_000
    let written = onThread { for number in 0..<count { writeAll(out, Array("\(number) \(text)\n".utf8)) } }
    // Never blocked, although both sinks are full long before the end.
    #expect(written.take() == true)

    // Room again, at the cost of the plain file; both tell what they lost without being written to.
    let reader = LogReader(directory: disk + "/logs")
    let follower = try LogFollower(LogQuery(processes: ["web"]), from: reader.snapshot())
    truncate(file, 0)
    unlink(disk + "/logs/core/" + (names(in: disk + "/logs/core").first ?? ""))
    var told: [LogLine] = []
    let start = Clock.boot
    while told.isEmpty, Clock.boot - start < 20_000_000_000 {
      told += follower.poll(timeoutMilliseconds: 500).filter { $0.category == "lost" }
    }
    writeAll(out, Array("after\n".utf8))
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    #expect(bench.keeper.consumed(1) == UInt64((0..<count).reduce(6) { $0 + "\($1)".utf8.count + 92 }))

    let lines = reader.lines(LogQuery(processes: ["web"]))
    let kept = lines.filter { $0.category == "stdout" }.map { String(decoding: $0.text, as: UTF8.self) }
    let lost = lines.filter { $0.category == "lost" }.compactMap { line in
      Int(String(decoding: line.text, as: UTF8.self).split(separator: " ")[1])
    }
    #expect(lost.reduce(0, +) + kept.count == count + 1)
    #expect(kept.allSatisfy { $0 == "after" || $0.hasSuffix(" \(text)") })
    #expect(!lost.isEmpty && kept.last == "after")
    bench.stop()
  }

  @Test(arguments: [true, false]) func whatIsNeverToldInAFileIsToldOnTheConsole(hasFile: Bool) throws {
    let bench = try PumpBench()
    let disk = bench.folder.at("disk")
    mkdir(disk, 0o755)
    try #require(mount("none", disk, "tmpfs", 0, "size=1m") == 0)
    defer { umount2(disk, 2) }
    // Full from the beginning, and for ever.
    put([UInt8](repeating: 0, count: 2 << 20), to: disk + "/filler")
    bench.options.directory = disk + "/logs"
    let (output, error, core) = (bench.folder.at("stdout"), bench.folder.at("stderr"), bench.folder.at("core.txt"))
    // Pup's own lines are not wanted on the console; these have no other place, or also go to a file on another disk.
    bench.options.core = LogDestination(console: false, stdoutFile: hasFile ? core : nil)
    for path: String in [output, error] { put([], to: path) }
    let descriptors: [Int32] = [output, error].map { (path: String) in open(path, O_WRONLY | O_APPEND) }
    defer { for descriptor in descriptors { close(descriptor) } }
    let console = try ConsoleSink(output: descriptors[0], error: descriptors[1], colors: false)
    bench.console = console
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let text = String(repeating: "x", count: 90)
    let count = 30_000
    for number in 0..<count { writeAll(out, Array("\(number) \(text)\n".utf8)) }
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    let done = Inbox<Bool>()
    bench.pump.finish { done.put(true) }
    #expect(done.take() == true)
    #expect(console.finish())

    #expect(LogReader(directory: disk + "/logs").lines(LogQuery()).isEmpty)
    let last = "lost \(count) lines of the log of web, which could not be written at the end: write "
    #expect(PupLogsTests.text(error).contains(last))
    #expect(PupLogsTests.text(error).contains("No space left on device"))
    if hasFile { #expect(PupLogsTests.text(core).contains(last)) }
    #expect(
      bench.pump.counters()["web"]
        == LogCounters(
          lines: UInt64(count), bytes: bench.keeper.consumed(1), lost: UInt64(count)))
    bench.stop()
  }
}
