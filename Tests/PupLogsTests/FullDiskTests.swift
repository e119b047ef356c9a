import Glibc
import PupSystem
import Testing

@testable import PupLogs

/// A file system of one megabyte, which only root can make.
@Suite(.enabled(if: geteuid() == 0, "needs root to mount a small tmpfs"), .timeLimit(.minutes(1))) struct FullDiskTests {
  @Test func everyLineIsWrittenOrCounted() throws {
    let bench = try PumpBench()
    let disk = bench.folder.file("disk")
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
}
