import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

/// Queries against a simple model: all lines in memory, filtered and sorted.
@Suite struct LogReaderTests {
  private struct Line {
    var time: Int64
    var severity: LogSeverity
    var process: String
    var text: String
  }

  private let folder: TemporaryFolder
  private let ledgers: Ledgers
  private var logs: String { folder.at("logs") }
  private var reader: LogReader { LogReader(directory: logs) }
  private let base: Int64 = 1_700_000_000_000_000

  init() throws {
    folder = try TemporaryFolder()
    ledgers = try Ledgers()
  }

  private func text(_ line: LogLine) -> String { String(decoding: line.text, as: UTF8.self) }

  /// Lines of several processes in small segments, with steps of the clock in both directions.
  private func fill(_ generator: inout SeededGenerator, processes: [String], lines count: Int) throws -> [Line] {
    let context = try ledgers.context()
    let sinks = processes.map {
      StoreSink(
        directory: logs, process: $0, segmentBytes: Int64.random(in: 2_000...200_000, using: &generator), context: context)
    }
    var last = [Int64](repeating: 0, count: processes.count)
    var lines: [Line] = []
    var clock = base
    for number in 0..<count {
      if generator.chance(1, in: 200) { clock += Int64.random(in: -60_000_000...600_000_000, using: &generator) }
      clock += Int64.random(in: -1_000...50_000, using: &generator)
      let place = Int.random(in: 0..<processes.count, using: &generator)
      let severity = generator.chance(1, in: 10) ? LogSeverity.error : .log
      let length = generator.chance(1, in: 300) ? 100_000 : Int.random(in: 0...120, using: &generator)
      let text = "\(number) " + String(repeating: "x", count: length)
      try withBatch((text + "\n").utf8, process: processes[place], severity: severity, category: severity.name, at: clock) {
        try sinks[place].append($0)
      }
      // Small steps back are clamped.
      let time = clock < last[place] && clock >= last[place] - 1_000_000 ? last[place] : clock
      last[place] = time
      lines.append(Line(time: time, severity: severity, process: processes[place], text: text))
    }
    return lines
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>) func everyQueryAgreesWithTheModel(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let processes = ["alpha", "Beta", "core", "delta"]
    let model = try fill(&generator, processes: processes, lines: 1_500)
    let (first, final) = (model.map(\.time).min() ?? 0, model.map(\.time).max() ?? 0)
    for round in 0..<30 {
      var query = LogQuery()
      if generator.chance(1, in: 2) {
        query.processes = processes.filter { _ in generator.chance(1, in: 2) }.map { $0.uppercased() }
      }
      if generator.chance(1, in: 2) {
        query.start = LogTime(microseconds: Int64.random(in: first - 10...final + 10, using: &generator))
      }
      if generator.chance(1, in: 2) {
        let lowest = query.start?.microseconds ?? first - 10
        query.end = LogTime(microseconds: Int64.random(in: lowest...max(lowest, final + 10), using: &generator))
      }
      if generator.chance(1, in: 2) { query.severity = generator.chance(1, in: 2) ? .error : .log }
      if generator.chance(2, in: 3) { query.last = [0, 1, 5, 100, 10_000].randomElement(using: &generator) }
      let matching = model.filter { line in
        (query.processes.map { $0.contains { $0.lowercased() == line.process.lowercased() } } ?? true)
          && (query.severity.map { $0 == line.severity } ?? true) && (query.start.map { $0.microseconds <= line.time } ?? true)
          && (query.end.map { $0.microseconds >= line.time } ?? true)
      }
      let found = reader.lines(query)
      #expect(found.map(\.time) == found.map(\.time).sorted() || found.contains { $0.text.count > LineFormat.maximumText })
      let expected = matching.map { "\($0.time) \($0.process) \($0.text)" }
      let actual = found.map { "\($0.time.microseconds) \($0.process) \(text($0))" }
      if let last = query.last {
        // Which of several lines of one moment are the newest is a matter of taste.
        let newest = matching.map(\.time).sorted().suffix(last)
        #expect(found.map(\.time.microseconds).sorted() == Array(newest), "round \(round): \(query)")
        #expect(Set(actual).isSubset(of: Set(expected)), "round \(round): \(query)")
      } else {
        #expect(actual.sorted() == expected.sorted(), "round \(round): \(query)")
      }
    }
  }

  @Test func linesOfOneProcessKeepTheirOrderWithinAMoment() throws {
    let sink = StoreSink(directory: logs, process: "web", segmentBytes: 1 << 20, context: try ledgers.context())
    try withBatch((0..<5_000).map { "\($0)\n" }.joined().utf8, at: base) { try sink.append($0) }
    #expect(reader.lines(LogQuery()).map(text) == (0..<5_000).map { "\($0)" })
    #expect(reader.lines(LogQuery(last: 300)).map(text) == (4_700..<5_000).map { "\($0)" })
    #expect(reader.lines(LogQuery(start: LogTime(microseconds: base), end: LogTime(microseconds: base))).count == 5_000)
    #expect(reader.lines(LogQuery(start: LogTime(microseconds: base + 1))).isEmpty)
  }

  @Test func theSeverityIsChosenBeforeTheNewestAreCounted() throws {
    let sink = StoreSink(directory: logs, process: "web", segmentBytes: 1 << 20, context: try ledgers.context())
    for number in 0..<1_000 {
      try withBatch("\(number)\n".utf8, severity: number % 100 == 0 ? .error : .log, at: base + Int64(number)) {
        try sink.append($0)
      }
    }
    #expect(reader.lines(LogQuery(severity: .error, last: 3)).map(text) == ["700", "800", "900"])
  }

  @Test func piecesAreJoinedAlsoAcrossSegmentsAndWhenReadBackwards() throws {
    let sink = StoreSink(directory: logs, process: "web", segmentBytes: 300, context: try ledgers.context())
    let streams = [LineBatch.Stream(row: 0, key: 1, offset: 0, which: .output), .init(row: 1, key: 2, offset: 0, which: .error)]
    var clock = base
    func append(_ text: String, _ stream: Int, open: Bool) throws {
      clock += 1
      try withBatch(
        text.utf8, category: stream == 0 ? "stdout" : "stderr", stream: streams[stream], endsOpen: open, at: clock
      ) { try sink.append($0) }
    }
    try append("first\n", 0, open: false)
    for number in 0..<20 {
      try append("o\(number) ", 0, open: true)
      try append("e\(number) ", 1, open: true)
    }
    try append("end\n", 0, open: false)
    try append("end\n", 1, open: false)
    try append("left open", 0, open: true)
    let output = (0..<20).map { "o\($0) " }.joined() + "end"
    let error = (0..<20).map { "e\($0) " }.joined() + "end"
    #expect(names(in: logs + "/web").count > 3)
    #expect(reader.lines(LogQuery()).map(text) == ["first", output, error, "left open"])
    #expect(reader.lines(LogQuery(last: 10)).map(text) == ["first", output, error, "left open"])
    #expect(reader.lines(LogQuery(last: 3)).map(text) == [output, error, "left open"])
    #expect(reader.lines(LogQuery(last: 2)).map(text) == [error, "left open"])
    #expect(reader.lines(LogQuery(last: 1)).map(\.isPartial) == [true])
  }

  @Test func damagedPlacesArePassedOver() throws {
    let sink = StoreSink(directory: logs, process: "web", segmentBytes: 1 << 20, context: try ledgers.context())
    for number in 0..<200 { try withBatch("\(number)\n".utf8, at: base + Int64(number)) { try sink.append($0) } }
    let path = logs + "/web/" + names(in: logs + "/web")[0]
    var generator = SeededGenerator(seed: 3)
    let whole = contents(path)
    for _ in 0..<100 {
      var bytes = whole
      var touched: Set<Int> = []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 1...200, using: &generator), bytes.count - at)
        for place in at..<(at + length) {
          touched.insert(whole[..<place].count { $0 == 10 })
          bytes[place] = generator.chance(1, in: 2) ? 0 : UInt8.random(in: 0...255, using: &generator)
        }
      }
      bytes.removeLast(Int.random(in: 0...50, using: &generator))
      put(bytes, to: path)
      let forward = reader.lines(LogQuery())
      let backward = reader.lines(LogQuery(last: 1_000))
      #expect(forward == backward)
      // Most lines are untouched, and those are there.
      let found = Set(forward.map(text))
      let expected = (0..<198).filter { !touched.contains($0) && !touched.contains($0 - 1) }.map { "\($0)" }
      #expect(expected.allSatisfy(found.contains), "\(expected.filter { !found.contains($0) })")
      _ = reader.lines(LogQuery(start: LogTime(microseconds: base + 50), end: LogTime(microseconds: base + 90)))
    }
  }

  @Test func aLineThatIsBeingWrittenIsNotThereYet() throws {
    let path = logs + "/web/00000001-20231114T221320.000000Z.log"
    mkdir(logs, 0o755)
    mkdir(logs + "/web", 0o755)
    put(Array("2023-11-14T22:13:20.000000Z log stdout one\n2023-11-14T22:13:20.000000Z log stdout tw".utf8), to: path)
    put(Array("x".utf8), to: logs + "/stranger")
    put(Array("x".utf8), to: logs + "/web/notes.txt")
    #expect(reader.lines(LogQuery()).map(text) == ["one"])
    #expect(reader.lines(LogQuery(last: 5)).map(text) == ["one"])
  }

  @Test func aLogThatIsNotThereIsEmpty() {
    #expect(reader.lines(LogQuery()).isEmpty)
    #expect(reader.lines(LogQuery(last: 5)).isEmpty)
    #expect(LogSnapshot(directory: logs).processes.isEmpty)
  }

  @Test func aReaderMayStopEarly() throws {
    let sink = StoreSink(directory: logs, process: "web", segmentBytes: 1 << 20, context: try ledgers.context())
    try withBatch((0..<100).map { "\($0)\n" }.joined().utf8, at: base) { try sink.append($0) }
    var seen = 0
    reader.read(LogQuery()) { _ in
      seen += 1
      return seen < 10
    }
    #expect(seen == 10)
  }
}
