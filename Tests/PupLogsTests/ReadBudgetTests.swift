import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

/// Queries that must not read or keep as much as there is.
@Suite struct ReadBudgetTests {
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

  /// Each tenth line in two pieces, each thousandth an error.
  private func fill(lines count: Int, length: Int = 100) throws {
    let sinks = try ["web", "other"].map {
      StoreSink(directory: logs, process: $0, segmentBytes: 200_000, context: try ledgers.context())
    }
    let stream = LineBatch.Stream(row: 0, key: 1, offset: 0, which: .output)
    for number in 0..<count {
      let (place, time) = (number % 2, base + Int64(number) * 1000)
      let severity = number % 1000 == 1 ? LogSeverity.error : .log
      let text = "\(number) " + String(repeating: "x", count: length)
      func append(_ text: String, open: Bool) throws {
        let process = place == 0 ? "web" : "other"
        try withBatch(
          text.utf8, process: process, severity: severity, category: severity.name, stream: stream, endsOpen: open, at: time
        ) { try sinks[place].append($0) }
      }
      if number % 10 == 0 { try append(text, open: true) }
      try append((number % 10 == 0 ? " end" : text) + "\n", open: false)
    }
  }

  /// A budget of so many blocks.
  private func blocks(_ count: Int) -> ReadBudget {
    var left = count
    return ReadBudget {
      left -= 1
      return left >= 0
    }
  }

  @Test func aQueryForWhatIsRareGivesUpWithWhatItHasFound() throws {
    try fill(lines: 20_000)
    let query = LogQuery(severity: .error, last: 100)
    let all = reader.lines(query)
    #expect(all.count == 20)
    let segments = reader.snapshot().segments.count
    let some = reader.excerpt(query, within: blocks(segments + 40))
    #expect(some.limit == .time && some.reached != nil)
    #expect(!some.lines.isEmpty && some.lines.count < 20)
    #expect(some.lines == Array(all.suffix(some.lines.count)))
    // From where it stopped, the next one goes on.
    let rest = reader.lines(LogQuery(end: some.reached, severity: .error, last: 100))
    #expect(rest.filter { !some.lines.contains($0) } + some.lines == all)
  }

  @Test func itEndsAtItsDeadlineAndWithItsReader() throws {
    try fill(lines: 2_000)
    for budget in [ReadBudget(deadline: Clock.monotonic), ReadBudget(isWanted: { false })] {
      let none = reader.excerpt(LogQuery(last: 10), within: budget)
      #expect(none.limit == .time && none.lines.isEmpty && none.reached == nil)
    }
    let whole = reader.excerpt(LogQuery(last: 10), within: ReadBudget(deadline: Clock.monotonic + 60_000_000_000, bytes: 1 << 20))
    #expect(whole.limit == nil && whole.lines == reader.lines(LogQuery(last: 10)))
  }

  @Test func whatIsDamagedCostsTimeToo() throws {
    try fill(lines: 10)
    let path = logs + "/web/" + names(in: logs + "/web")[0]
    put(contents(path) + Array(String(repeating: "no line at all\n", count: 200_000).utf8) + contents(path), to: path)
    let some = reader.excerpt(LogQuery(last: 100), within: blocks(8))
    #expect(some.limit == .time && some.lines.count < 15)
  }

  @Test func anAnswerHasNoMoreBytesThanItMay() throws {
    try fill(lines: 400, length: 60_000)
    var found: [LogLine] = []
    var query = LogQuery(last: 1_000)
    for _ in 0..<100 {
      let part = reader.excerpt(query, within: ReadBudget(bytes: 1 << 20))
      let bytes = part.lines.reduce(0) { $0 + $1.text.count }
      #expect(bytes <= 1 << 20 + LineFormat.maximumText)
      found = part.lines.filter { !found.contains($0) } + found
      guard part.limit == .bytes else {
        #expect(part.limit == nil)
        break
      }
      query.end = part.reached
    }
    // A line that was cut comes in two parts, nothing is missing.
    let whole = reader.lines(LogQuery())
    #expect(whole.count == 400)
    let expected = Set(whole.map { text($0).prefix { $0 != " " } })
    #expect(Set(found.map { text($0).prefix { $0 != " " } }).isSuperset(of: expected))
  }

  @Test(arguments: [0, 1, 7, 500, 2_999, 3_000, 1_000_000_000]) func manyLinesArePassedOnWithoutBeingKept(_ count: Int) throws {
    try fill(lines: 3_000)
    let all = reader.lines(LogQuery())
    #expect(all.count == 3_000)
    for query in [LogQuery(last: count), LogQuery(processes: ["web"], severity: .log, last: count)] {
      var unlimited = query
      unlimited.last = nil
      let expected = Array(reader.lines(unlimited).suffix(count))
      #expect(LogReader(directory: logs, memory: 10_000).lines(query) == expected)
      #expect(reader.lines(query) == expected)
    }
  }

  @Test func linesThatWaitForTheirRestAreBounded() {
    var joiner = PieceJoiner()
    var handedOut = 0
    let piece = [UInt8](repeating: 120, count: LineFormat.maximumText)
    for number in 0..<3_000 {
      let line = LogLine(
        time: LogTime(microseconds: Int64(number)), severity: .log, category: "\(number % 200)", process: "web", text: piece,
        isPartial: true, isContinuation: number >= 200)
      handedOut += joiner.add(line).reduce(0) { $0 + $1.text.count }
    }
    let kept = joiner.finish().reduce(0) { $0 + $1.text.count }
    #expect(kept <= 16 << 20)
    #expect(kept + handedOut == 3_000 * piece.count)
  }
}
