import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

@Suite(.timeLimit(.minutes(5))) struct StoreBudgetTests {
  private let folder: TemporaryFolder
  private var logs: String { folder.at("logs") }
  private let hour: Int64 = 3_600_000_000
  private let base: Int64 = 1_700_000_000_000_000

  init() throws {
    folder = try TemporaryFolder()
    mkdir(logs, 0o755)
  }

  /// A segment of 1 000 bytes that begins, and was last written, so many hours after the base.
  private func segment(_ process: String, _ sequence: UInt64, hours: Int64, last: Int64? = nil, size: Int = 1_000) {
    mkdir(logs + "/" + process, 0o755)
    let name = SegmentName(sequence: sequence, first: LogTime(microseconds: base + hours * hour))
    let path = logs + "/" + process + "/" + name.text
    put([UInt8](repeating: 120, count: size), to: path)
    let time = timespec(tv_sec: Int((base + (last ?? hours) * hour) / 1_000_000), tv_nsec: 0)
    _ = [time, time].withUnsafeBufferPointer { utimensat(AT_FDCWD, path, $0.baseAddress, 0) }
  }

  private func left(_ process: String) -> [UInt64] {
    names(in: logs + "/" + process).compactMap { SegmentName($0)?.sequence }
  }

  private func enforce(process: Int64 = .max, total: Int64 = .max, oldest hours: Int64? = nil) -> [StoreBudget.Leftover] {
    StoreBudget(
      directory: logs, processBytes: process, totalBytes: total, oldest: hours.map { LogTime(microseconds: base + $0 * hour) }
    ).enforce()
  }

  @Test func linesThatAreTooOldGo() {
    for number in 1...4 as ClosedRange<UInt64> { segment("web", number, hours: Int64(number)) }
    segment("old", 1, hours: 0)
    // Segment 2 ends where segment 3 begins, at hour 3.
    let leftovers = enforce(oldest: 3)
    #expect(left("web") == [2, 3, 4])
    #expect(leftovers.map(\.process) == ["old"] && left("old") == [1])
  }

  @Test func aProcessKeepsItsNewestSegments() {
    for number in 1...10 as ClosedRange<UInt64> { segment("web", number, hours: Int64(number)) }
    segment("other", 1, hours: 0)
    #expect(enforce(process: 3_500).isEmpty)
    #expect(left("web") == [8, 9, 10] && left("other") == [1])
    #expect(enforce(process: 10).isEmpty)
    #expect(left("web") == [10])
  }

  @Test func theOldestOfAllGoesFirstWhoeverWroteIt() {
    for number in 1...5 as ClosedRange<UInt64> {
      segment("a", number, hours: Int64(number) * 2)
      segment("b", number, hours: Int64(number) * 2 + 1)
    }
    #expect(enforce(total: 6_000).isEmpty)
    #expect(left("a") == [3, 4, 5] && left("b") == [3, 4, 5])
  }

  @Test func theDefaultIsATenthOfTheFileSystemAtMost4GiB() {
    let total = StoreBudget.defaultTotal(logs)
    #expect(total > 0 && total <= 4 << 30)
    #expect(StoreBudget.defaultTotal("/nowhere") == 4 << 30)
  }

  @Test func aProcessThatWritesStaysWithinItsBudget() throws {
    let bench = try PumpBench()
    bench.options.processBytes = 400_000
    bench.options.segmentBytes = 100_000
    try bench.start()
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let written = onThread {
      for number in 0..<20_000 { writeAll(out, Array("line \(number) \(String(repeating: "x", count: 80))\n".utf8)) }
      close(out)
    }
    #expect(written.take() == true)
    bench.pump.treeEnded(key: 1)
    #expect(bench.drained.take() == 1)
    let sizes = names(in: bench.logs + "/web").map { contents(bench.logs + "/web/" + $0).count }
    // A segment ends with the chunk that fills it.
    #expect(sizes.reduce(0, +) <= 400_000 + 2 * SinkContext.chunkBytes)
    #expect(bench.texts(LogQuery(last: 1)).first?.hasPrefix("line 19999 ") == true)
  }

  @Test func aPurgeRemovesTheLastLinesOfAProcessThatIsGone() throws {
    segment("gone", 1, hours: 0)
    segment("web", 1, hours: 0)
    let bench = try PumpBench(store: false)
    bench.options.directory = logs
    bench.options.maximumAgeHours = 48
    try bench.start()
    // A process that has its segment open keeps it, however old its first lines are.
    bench.pump.write(LogEntry(.log, "x", "still here", process: "web"))
    bench.settle()
    let follower = try LogFollower(LogQuery(), from: LogSnapshot(directory: logs))
    bench.pump.purge(now: LogTime(microseconds: base + 100 * hour))
    let start = Clock.boot
    while names(in: logs).contains("gone"), Clock.boot - start < 20_000_000_000 { _ = follower.poll(timeoutMilliseconds: 20) }
    #expect(names(in: logs) == ["web"])
  }
}
