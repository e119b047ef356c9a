import Glibc
import PupSystem
import Testing

@testable import PupLogs

@Suite(.timeLimit(.minutes(5))) struct LogFeedTests {
  /// Collects until `count` lines were handed out or left out.
  private func take(_ count: Int, from seen: Inbox<LogObservation>) -> (lines: [LogLine], dropped: Int, largest: Int) {
    var lines: [LogLine] = []
    var (dropped, largest) = (0, 0)
    while lines.count + dropped < count, let observation = seen.take() {
      #expect(observation.lines.allSatisfy { $0.process == observation.process })
      lines += observation.lines
      dropped += observation.dropped
      largest = max(largest, observation.lines.count)
    }
    return (lines, dropped, largest)
  }

  private func text(_ line: LogLine) -> String { String(decoding: line.text, as: UTF8.self) }

  @Test(arguments: [true, false]) func everyLineOfAProcessAndOfPupIsSeen(hasStore: Bool) throws {
    let bench = try PumpBench(store: hasStore)
    try bench.start()
    let seen = Inbox<LogObservation>()
    bench.pump.setObserver { seen.put($0) }
    let out = try bench.makeStream(1, row: 0)
    let error = try bench.makeStream(2, row: 1)
    try bench.attach(1)
    try bench.attach(2, .standardError)
    var start = LogEntry(.info, "starting", "web starts", process: "web")
    start.event = "process_status_changed"
    bench.pump.write(start)
    bench.pump.write(LogEntry(.warn, "config", "about itself"))
    let own = take(2, from: seen).lines
    #expect(own.map(text) == ["web starts", "about itself"])
    #expect(own.map(\.event) == ["process_status_changed", nil])
    writeAll(out, Array("one\n\u{1B}[31mtwo\u{1B}[0m\n".utf8))
    let lines = take(2, from: seen).lines
    #expect(lines.map(text) == ["one", "two"])
    #expect(lines.allSatisfy { $0.severity == .log && $0.category == "stdout" && $0.process == "web" && !$0.isPartial })
    writeAll(error, Array("three\n".utf8))
    let line = take(1, from: seen).lines.first
    #expect(line?.severity == .error && line?.category == "stderr")
    // The time is that of the store.
    if hasStore { #expect(bench.reader.lines(LogQuery(severity: .error)).first?.time == line?.time) }
    let counters = bench.pump.counters()
    #expect(counters["web"] == LogCounters(lines: 4, bytes: 11 + 4 + 13 + 6))
    #expect(counters["core"] == LogCounters(lines: 1, bytes: 13))
    bench.pump.setObserver(nil)
    writeAll(out, Array("unseen\n".utf8))
    close(out)
    close(error)
    for key in 1...2 as ClosedRange<UInt64> { bench.pump.treeEnded(key: key) }
    #expect(bench.drained.take() != nil && bench.drained.take() != nil)
    #expect(bench.pump.counters()["web"]?.lines == 5)
    bench.settle()
    #expect(seen.take(seconds: 0) == nil)
    bench.stop()
  }

  @Test func piecesOfALineAreMarked() throws {
    let bench = try PumpBench(store: false)
    try bench.start()
    let seen = Inbox<LogObservation>()
    bench.pump.setObserver { seen.put($0) }
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    writeAll(out, Array("name? ".utf8))
    let prompt = seen.take()?.lines.first
    #expect(prompt.map(text) == "name? " && prompt?.isPartial == true && prompt?.isContinuation == false)
    writeAll(out, Array("pup\nnext\n".utf8))
    let rest = take(2, from: seen).lines
    #expect(rest.map(text) == ["pup", "next"])
    #expect(rest.map(\.isContinuation) == [true, false] && rest.allSatisfy { !$0.isPartial })
    // The end alone is handed on, too: whoever puts lines together waits for it.
    writeAll(out, Array("wait ".utf8))
    #expect(seen.take()?.lines.map(\.isPartial) == [true])
    writeAll(out, Array("\n".utf8))
    #expect(seen.take()?.lines.map(\.isBareEnd) == [true])
    // The end of the program ends its line.
    writeAll(out, Array("last".utf8))
    #expect(seen.take()?.lines.map(\.isPartial) == [true])
    close(out)
    bench.pump.treeEnded(key: 1)
    #expect(seen.take()?.lines.map(\.isBareEnd) == [true])
    bench.stop()
  }

  @Test func longTextIsCutAndSaysSo() throws {
    var seen: [LogLine] = []
    let feed = LogFeedCollector()
    withBatch(Array(String(repeating: "ä", count: 5000).utf8) + [0x0A] + Array(repeating: 0x78, count: 8192) + [0x0A]) {
      feed.feed.observe($0, continued: false, lines: $0.lineCount)
    }
    seen = feed.lines
    #expect(seen.count == 2)
    #expect(seen.first.map(text)?.hasSuffix("ä… (cut, 10000 bytes in all)") == true)
    #expect((8192 - 4...8192 + 40).contains(seen.first?.text.count ?? 0))
    #expect(seen.last?.text.count == 8192)
  }

  @Test func aFloodIsCountedNotCopied() throws {
    let bench = try PumpBench()
    try bench.start()
    let seen = Inbox<LogObservation>()
    bench.pump.setObserver { seen.put($0) }
    let out = try bench.makeStream(1, row: 0)
    try bench.attach(1)
    let count = 200_000
    let ended = onThread {
      let block = Array(String(repeating: "\(String(repeating: "x", count: 49))\n", count: 1000).utf8)
      for _ in 0..<(count / 1000) { writeAll(out, block) }
    }
    let (lines, dropped, largest) = take(count, from: seen)
    #expect(lines.count + dropped == count)
    // A burst of 4 096, and what a few seconds more allow.
    #expect(lines.count >= 4000 && lines.count < count / 2)
    #expect(largest <= LogFeed.batchLines)
    #expect(ended.take() == true)
    close(out)
    bench.stop()
  }

  @Test func aBucketAllowsItsRateAndABurst() {
    var bucket = TokenBucket(capacity: 100, perSecond: 1000)
    bucket.fill(1_000_000_000)
    bucket.take(150)
    #expect(bucket.isEmpty)
    // Many short looks gain as much as one long one.
    for step in 1...500 { bucket.fill(1_000_000_000 + Int64(step) * 100_000) }
    #expect(bucket.isEmpty)
    bucket.fill(1_052_000_000)
    #expect(!bucket.isEmpty)
    bucket.take(2)
    #expect(bucket.isEmpty)
  }
}

/// A feed without a pump.
private final class LogFeedCollector {
  let seen = Inbox<LogObservation>()
  let feed: LogFeed

  init() {
    let seen = seen
    feed = LogFeed { seen.put($0) }
  }

  var lines: [LogLine] {
    var lines: [LogLine] = []
    while let observation = seen.take(seconds: 0) { lines += observation.lines }
    return lines
  }
}
