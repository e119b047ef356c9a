import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

/// Lines that are longer than anything Pup writes are passed over as a whole, and lines that are too long for an answer say so.
@Suite struct LongLineTests {
  private let folder: TemporaryFolder
  private var logs: String { folder.at("logs") }

  init() throws { folder = try TemporaryFolder() }

  private func write(_ content: [UInt8]) {
    mkdir(logs, 0o755)
    mkdir(logs + "/web", 0o755)
    put(content, to: logs + "/web/00000001-20231114T221320.000000Z.log")
  }

  private func line(_ number: Int, _ length: Int) -> [UInt8] {
    let stamp = Timestamp.text(LogTime(microseconds: 1_700_000_000_000_000 + Int64(number)))
    let prefix = Array("\(stamp) log stdout ".utf8)
    return prefix + [UInt8](repeating: 97 + UInt8(number % 26), count: length - prefix.count) + [10]
  }

  @Test(arguments: [0, 100, 9_000]) func forwardAndBackwardAgree(before: Int) {
    let longest = LineBlock.longestLine
    let lengths = [before + 50, longest, 60, longest + 1, 70, longest * 2, 80, 300_000, 520_000, 90, longest, 1_200_000, 100]
    write(lengths.enumerated().flatMap { line($0.offset, $0.element) })
    let expected = lengths.filter { $0 <= longest }
    let reader = LogReader(directory: logs)
    let all = reader.lines(LogQuery())
    #expect(all.map { $0.text.count + 38 + 1 } == expected)
    for count in 0...lengths.count { #expect(reader.lines(LogQuery(last: count)) == Array(all.suffix(count)), "\(count)") }
  }

  @Test func aLongTailWithoutAnEndHidesNothing() {
    write(line(1, 50) + line(2, 60) + [UInt8](repeating: 120, count: 3_000_000))
    let reader = LogReader(directory: logs)
    #expect(reader.lines(LogQuery()).count == 2)
    #expect(reader.lines(LogQuery(last: 5)).count == 2)
    #expect(reader.lines(LogQuery(start: LogTime(microseconds: 1_700_000_000_000_002))).count == 1)
  }

  @Test func aLineThatIsTooLongForAnAnswerSaysSo() throws {
    let ledgers = try Ledgers()
    let sink = StoreSink(directory: logs, process: "web", segmentBytes: 16 << 20, context: try ledgers.context())
    let stream = LineBatch.Stream(row: 0, key: 1, offset: 0, which: .output)
    let length = 3_600_000
    let text = (0..<length).map { UInt8(97 + $0 / 65_536 % 26) }
    try withBatch(text + Array("\nshort\n".utf8), stream: stream) { try sink.append($0) }
    let lines = LogReader(directory: logs).lines(LogQuery(last: 2))
    #expect(lines.map(\.wholeLength) == [length, nil])
    let found = try #require(lines.first).text
    let mark = Array("… (cut, \(length) bytes in all)".utf8)
    #expect(found.suffix(mark.count) == mark[...])
    // Its beginning.
    #expect(found.dropLast(mark.count) == text.prefix(found.count - mark.count))
    #expect(found.count - mark.count >= PieceJoiner.longestLine)
  }

  @Test func noPieceEndsInsideACharacter() throws {
    let ledgers = try Ledgers()
    let sink = StoreSink(directory: logs, process: "web", segmentBytes: 16 << 20, context: try ledgers.context())
    let stream = LineBatch.Stream(row: 0, key: 1, offset: 0, which: .output)
    let text = "x" + String(repeating: "€", count: 50_000)
    try withBatch(Array((text + "\n").utf8), stream: stream) { try sink.append($0) }
    let stored = contents(names(in: logs + "/web").first.map { logs + "/web/" + $0 } ?? "")
    for piece in stored.split(separator: 10) { #expect(String(validating: piece, as: UTF8.self) != nil) }
    #expect(LogReader(directory: logs).lines(LogQuery()).map { String(decoding: $0.text, as: UTF8.self) } == [text])
  }
}
