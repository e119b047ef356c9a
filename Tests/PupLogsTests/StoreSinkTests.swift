import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

@Suite struct StoreSinkTests {
  private let ledgers: Ledgers
  private let folder: TemporaryFolder
  private var logs: String { folder.at("logs") }

  init() throws {
    ledgers = try Ledgers()
    folder = try TemporaryFolder()
  }

  private func sink(_ context: SinkContext, process: String = "web", segmentBytes: Int64 = 1 << 20) -> StoreSink {
    StoreSink(directory: logs, process: process, segmentBytes: segmentBytes, context: context)
  }

  private func segments(_ process: String = "web") -> [String] { names(in: logs + "/" + process) }

  private func all(_ process: String = "web") -> String {
    segments(process).map { text(logs + "/" + process + "/" + $0) }.joined()
  }

  private let stamp = "2001-09-09T01:46:40.000000Z"

  @Test func linesHaveTimeSeverityAndCategory() throws {
    let sink = sink(try ledgers.context())
    try withBatch("one\n\ntwo\n".utf8) { try sink.append($0) }
    try withBatch("bad\n".utf8, severity: .error, category: "stderr") { try sink.append($0) }
    #expect(all() == "\(stamp) log stdout one\n\(stamp) log stdout \n\(stamp) log stdout two\n\(stamp) error stderr bad\n")
    #expect(segments() == ["00000001-20010909T014640.000000Z.log"])
  }

  /// `rm -rf` of all that is Pup's own while it runs: the next line is written at once.
  @Test func foldersThatWereRemovedAreMadeAnewForTheNextLine() throws {
    let (own, data) = (folder.at("own"), folder.at("own/data"))
    let sink = StoreSink(
      directory: data + "/logs", process: "web", segmentBytes: 1 << 20,
      context: try ledgers.context(foldersAbove: [own, data]))
    for text in ["one\n", "two\n"] {
      try withBatch(text.utf8) { try sink.append($0) }
      let files = names(in: data + "/logs/web").map { "\(data)/logs/web/\($0)" }
      #expect(files.map { PupLogsTests.text($0) } == ["\(stamp) log stdout \(text)"])
      for file in files { unlink(file) }
      for path in [data + "/logs/web", data + "/logs", data, own] { #expect(rmdir(path) == 0) }
    }
    #expect(sink.lostInAll == 0)
  }

  @Test func oneLineThatWasLostIsOne() throws {
    let sink = sink(try ledgers.context())
    #expect(symlink(folder.at("nowhere"), logs) == 0)
    try withBatch("lost\n".utf8) { try sink.append($0) }
    unlink(logs)
    try withBatch("kept\n".utf8, boot: 9_000_000_000) { try sink.append($0) }
    #expect(all().contains(" warn lost lost 1 line:"))
    #expect(sink.context.takeNotes().last?.text.hasSuffix("1 line was lost") == true)
  }

  @Test func anyBytesSurviveButEscapeSequences() throws {
    let sink = sink(try ledgers.context())
    let raw: [UInt8] = [0, 0xFF, 0xC3, 0x28, 0x0D, 0x09]
    try withBatch(raw + [10]) { try sink.append($0) }
    try withBatch("\u{1B}[31mred\u{1B}[0m\n".utf8) { try sink.append($0) }
    let prefix = Array("\(stamp) log stdout ".utf8)
    #expect(contents(logs + "/web/" + segments()[0]) == prefix + raw + [10] + prefix + Array("red\n".utf8))
  }

  @Test func piecesAreMarkedAtBothEnds() throws {
    let sink = sink(try ledgers.context())
    func append(_ text: String, open: Bool, key: UInt64 = 7, mark: StreamMark = .output, category: String = "stdout") throws {
      let stream = LineBatch.Stream(row: 0, key: key, offset: 0, which: mark)
      try withBatch(text.utf8, category: category, stream: stream, endsOpen: open) { try sink.append($0) }
    }
    try append("pro", open: true)
    try append("other\n", open: false, mark: .error, category: "stderr")
    try append("mpt", open: true)
    try append(" end\nnext\n", open: false)
    try append("left", open: true)
    try append("new run\n", open: false, key: 8)
    let lines = all().split(separator: "\n").map { $0.dropFirst(28) }
    #expect(
      lines == [
        "log stdout+ pro", "log stderr other", "log +stdout+ mpt", "log +stdout  end", "log stdout next", "log stdout+ left",
        "log stdout new run",
      ])
  }

  @Test func aLongLineIsCutIntoPieces() throws {
    let sink = sink(try ledgers.context())
    let long = String(repeating: "x", count: 150_000)
    try withBatch((long + "\nshort\n").utf8) { try sink.append($0) }
    let categories = all().split(separator: "\n").map { $0.split(separator: " ")[2] }
    #expect(categories == ["stdout+", "+stdout+", "+stdout", "stdout"])
    let lines = LogReader(directory: logs).lines(LogQuery())
    #expect(lines.map { String(decoding: $0.text, as: UTF8.self) } == [long, "short"])
  }

  @Test func timestampsNeverFallWithinASegment() throws {
    let sink = sink(try ledgers.context())
    let start: Int64 = 1_000_000_000_000_000
    for (place, time) in [start, start - 900_000, start + 5, start - 2_000_000, start - 2_000_001].enumerated() {
      try withBatch("\(place)\n".utf8, at: time) { try sink.append($0) }
    }
    #expect(segments().count == 2)
    let stamps = segments().map { text(logs + "/web/" + $0).split(separator: "\n").map { $0.prefix(27) } }
    #expect(stamps[0] == ["2001-09-09T01:46:40.000000Z", "2001-09-09T01:46:40.000000Z", "2001-09-09T01:46:40.000005Z"])
    #expect(stamps[1] == ["2001-09-09T01:46:38.000000Z", "2001-09-09T01:46:38.000000Z"])
  }

  @Test func fullSegmentsAreFollowedByNewOnes() throws {
    let sink = sink(try ledgers.context(), segmentBytes: 1000)
    for number in 0..<100 {
      try withBatch("line \(number)\n".utf8, at: 1_000_000_000_000_000 + Int64(number)) { try sink.append($0) }
    }
    #expect(segments().count == 5)
    #expect(sink.hasRotated)
    #expect(all().split(separator: "\n").map { $0.split(separator: " ").last } == (0..<100).map { "\($0)"[...] })
  }

  @Test func theNextBrainGoesOnInTheSameSegment() throws {
    for number in 0..<5 {
      let sink = sink(try ledgers.context())
      try withBatch("line \(number)\n".utf8) { try sink.append($0) }
    }
    #expect(segments().count == 1)
    #expect(all().split(separator: "\n").count == 5)
  }

  @Test func whatWasNotCommittedIsCutOff() throws {
    let first = sink(try ledgers.context())
    try withBatch("safe\n".utf8) { try first.append($0) }
    let path = logs + "/web/" + segments()[0]
    put(Array("\(stamp) log stdout half a li".utf8), to: path, append: true)
    let next = sink(try ledgers.context())
    try withBatch("more\n".utf8) { try next.append($0) }
    #expect(all() == "\(stamp) log stdout safe\n\(stamp) log stdout more\n")
  }

  @Test func aLineCutByThePowerIsNotContinued() throws {
    let first = sink(try ledgers.context())
    try withBatch("safe\n".utf8) { try first.append($0) }
    put(Array("\(stamp) log stdout half a li".utf8), to: logs + "/web/" + segments()[0], append: true)
    // No ledger has survived.
    let next = sink(try Ledgers().context())
    try withBatch("more\n".utf8) { try next.append($0) }
    #expect(segments().count == 2)
    #expect(LogReader(directory: logs).lines(LogQuery()).map { String(decoding: $0.text, as: UTF8.self) } == ["safe", "more"])
  }

  @Test func anEmptySegmentOfACrashedBrainIsPassedOver() throws {
    let first = sink(try ledgers.context())
    try withBatch("safe\n".utf8) { try first.append($0) }
    put([], to: logs + "/web/00000002-20010909T014641.000000Z.log")
    let next = sink(try ledgers.context())
    try withBatch("more\n".utf8) { try next.append($0) }
    #expect(segments().count == 1)
    #expect(all().split(separator: "\n").count == 2)
  }

  @Test func aRemovedSegmentIsReplaced() throws {
    let sink = sink(try ledgers.context())
    try withBatch("gone\n".utf8) { try sink.append($0) }
    unlink(logs + "/web/" + segments()[0])
    try withBatch("kept\n".utf8) { try sink.append($0) }
    #expect(all() == "\(stamp) log stdout kept\n")
  }

  @Test func linesThatCannotBeWrittenAreCountedAndTold() throws {
    let context = try ledgers.context()
    let sink = sink(context)
    put([], to: logs)  // a file where the folder should be
    let second: Int64 = 1_000_000_000
    try withBatch("a\nb\n".utf8, boot: second) { try sink.append($0) }
    try withBatch("c\n".utf8, boot: second + 1) { try sink.append($0) }
    #expect(context.takeNotes().map(\.severity) == [.error])
    unlink(logs)
    // Not before its time, then with the next line.
    try withBatch("d\n".utf8, boot: second + 50_000_000) { try sink.append($0) }
    try withBatch("e\n".utf8, boot: second + 200_000_000) { try sink.append($0) }
    let lines = all().split(separator: "\n").map { $0.dropFirst(28) }
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("warn lost lost 4 lines: mkdir") == true)
    #expect(lines.last == "log stdout e")
    #expect(context.takeNotes().map(\.text) == ["the log of web can be written again; 4 lines were lost"])
  }

  @Test func theCountOfLostLinesSurvivesACrashAndIsToldWithoutANewLine() throws {
    let context = try ledgers.context()
    let first = sink(context)
    put([], to: logs)
    context.streams.allocate(row: 1, key: 5)
    let stream = LineBatch.Stream(row: 1, key: 5, offset: 100, which: .output)
    try withBatch("a\nb\n".utf8, stream: stream) { try first.append($0) }
    #expect(context.streams.row(1)?.committedStore == 104)
    unlink(logs)
    let next = sink(try ledgers.context())
    try withBatch("c\n".utf8) { try next.append($0) }
    #expect(all().split(separator: "\n").map { $0.dropFirst(28) } == ["warn lost lost 2 lines", "log stdout c"])
  }

  @Test func aFolderInAnotherSpellingIsTheSameProcess() throws {
    let first = sink(try ledgers.context(), process: "Web")
    try withBatch("one\n".utf8) { try first.append($0) }
    let next = sink(try ledgers.context(), process: "wEB")
    try withBatch("two\n".utf8) { try next.append($0) }
    #expect(names(in: logs) == ["wEB"])
    #expect(all("wEB").split(separator: "\n").count == 2)
  }
}
