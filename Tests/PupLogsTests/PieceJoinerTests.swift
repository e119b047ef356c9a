import Testing

@testable import PupLogs

/// Pieces become lines again, in the order of their beginnings, whichever way they are read.
@Suite struct PieceJoinerTests {
  private static func piece(
    _ text: String, at time: Int64, _ process: String = "web", partial: Bool = false, continued: Bool = false
  ) -> LogLine {
    LogLine(
      time: LogTime(microseconds: time), severity: .log, category: "stdout", process: process, text: Array(text.utf8),
      isPartial: partial, isContinuation: continued)
  }

  private static func words(_ lines: [LogLine]) -> [String] {
    lines.map { "\($0.time.microseconds) \(String(decoding: $0.text, as: UTF8.self))\($0.isPartial ? "+" : "")" }
  }

  private static func forward(_ pieces: [LogLine]) -> [LogLine] {
    var joiner = PieceJoiner()
    return pieces.flatMap { joiner.add($0) } + joiner.finish()
  }

  private static func backward(_ pieces: [LogLine]) -> [LogLine] {
    var collector = BackwardCollector(wanted: .max)
    for piece in pieces.reversed() { collector.add(piece) }
    return collector.finish()
  }

  /// Two lines that overlap, others in between, one that never ends, and one whose rest never came.
  private static let mixed = [
    piece("load ", at: 1, partial: true), piece("x1", at: 2, "x"), piece("ask ", at: 3, "db", partial: true),
    piece("… ", at: 4, partial: true, continued: true), piece("x2", at: 5, "x"), piece("ok", at: 6, continued: true),
    piece("x3", at: 7, "x"), piece("yes", at: 8, "db", continued: true), piece("lost", at: 9, partial: true),
    piece("new", at: 10), piece("end", at: 11, partial: true), piece("x4", at: 12, "x"),
  ]

  private static let joined = [
    "1 load … ok", "2 x1", "3 ask yes", "5 x2", "7 x3", "9 lost+", "10 new", "11 end+", "12 x4",
  ]

  @Test func linesComeInTheOrderOfTheirBeginnings() {
    #expect(Self.words(Self.forward(Self.mixed)) == Self.joined)
    #expect(Self.words(Self.backward(Self.mixed)) == Self.joined)
  }

  @Test func whatNothingIsWaitedForComesAtOnce() {
    var joiner = PieceJoiner()
    #expect(joiner.add(Self.piece("one", at: 1)).count == 1)
    #expect(joiner.add(Self.piece("two ", at: 2, partial: true)).isEmpty)
    #expect(joiner.add(Self.piece("x", at: 3, "x")).isEmpty)
    #expect(Self.words(joiner.add(Self.piece("", at: 4, continued: true))) == ["2 two ", "3 x"])
    #expect(joiner.finish().isEmpty)
  }

  /// A prompt that is never answered holds a bounded number of lines.
  @Test func theWaitIsBounded() {
    var joiner = PieceJoiner()
    var lines = joiner.add(Self.piece("> ", at: 0, "asks", partial: true))
    for number in 1...30_000 as ClosedRange<Int64> {
      lines += joiner.add(Self.piece("line", at: number))
      #expect(lines.count + 10_001 >= Int(number))
    }
    // Handed out without its rest, which is a line of its own then.
    #expect(lines.count == 30_001 && lines.first?.isPartial == true)
    lines = joiner.add(Self.piece("yes", at: 30_001, "asks", continued: true))
    #expect(lines.count == 1 && lines.first?.isContinuation == true)
  }

  @Test func manyOpenLinesAreBoundedInNumberAndBytes() {
    let prompts = (0..<1000).map { Self.piece("> ", at: Int64($0), "p\($0)", partial: true) }
    #expect(Self.words(Self.forward(prompts)) == prompts.indices.map { "\($0) > +" })
    var joiner = PieceJoiner()
    var held = 0
    for number in 0..<64 as Range<Int64> {
      let long = LogLine(
        time: LogTime(microseconds: number), severity: .log, category: "stdout", process: "p\(number)",
        text: Array(repeating: 0x78, count: 1_000_000), isPartial: true)
      held += 1_000_000 - joiner.add(long).reduce(0) { $0 + $1.text.count }
      #expect(held <= 17 << 20)
    }
  }

  /// A line of a megabyte is whole; one of a byte more is handed out in parts, or cut where only its newest lines are asked for.
  @Test(arguments: [-1, 0, 1]) func aMegabyteIsALine(more: Int) {
    let size = PieceJoiner.longestLine + more
    var pieces: [LogLine] = []
    var left = size
    while left > 0 {
      let count = min(left, 65_536)
      left -= count
      pieces.append(
        Self.piece(String(repeating: "x", count: count), at: Int64(pieces.count), partial: left > 0, continued: !pieces.isEmpty))
    }
    pieces.append(Self.piece("next", at: 100))
    let forward = Self.forward(pieces)
    #expect(forward.reduce(0) { $0 + $1.text.count } == size + 4 && forward.count == (more > 0 ? 3 : 2))
    let backward = Self.backward(pieces)
    #expect(backward.count == 2 && backward[0].wholeLength == (more > 0 ? size : nil))
  }
}
