import CLinux
import Glibc
import PupSystem
import Testing

@testable import PupLogs

@Suite(.timeLimit(.minutes(6))) struct BusyWriterTests {
  /// A writer whose blocks end inside a line fills the pipe and sleeps without waking the pump. That used to cost the 200 ms
  /// after which a piece of a line is taken alone, in every fourth start or so.
  @Test func blocksThatEndInsideALineDoNotStall() throws {
    let bench = try PumpBench()
    try bench.start()
    let line = Array(repeating: UInt8(ascii: "x"), count: 99) + [10]
    let text = [UInt8]((0..<20_000).map { _ in line }.joined())
    var slowest: Int64 = 0
    for round in 1...40 {
      let out = try bench.makeStream(UInt64(round), row: round - 1)
      try bench.attach(UInt64(round))
      let start = Clock.boot
      for block in stride(from: 0, to: text.count, by: 65_536) {
        writeAll(out, Array(text[block..<min(block + 65_536, text.count)]))
      }
      slowest = max(slowest, Clock.boot - start)
      close(out)
      bench.pump.treeEnded(key: UInt64(round))
      #expect(bench.drained.take() == UInt64(round))
    }
    // A tenth of the stalls that there were; a busy machine delays a round, but not by 200 ms each time.
    #expect(slowest < 1_000_000_000)
    #expect(bench.reader.lines(LogQuery(processes: ["web"])).count == 40 * 20_000)
    #expect(!bench.reader.lines(LogQuery(processes: ["web"])).contains { $0.text.count != 99 })
  }
}
