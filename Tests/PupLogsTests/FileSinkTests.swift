import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

@Suite struct FileSinkTests {
  private let ledgers: Ledgers
  private let folder: TemporaryFolder
  private var path: String { folder.at("out.txt") }

  init() throws {
    signal(SIGPIPE, SIG_IGN)
    ledgers = try Ledgers()
    folder = try TemporaryFolder()
  }

  private func append(
    _ text: String, to sink: FileSink, key: UInt64 = 1, open: Bool = false, decorate: Bool = false, process: String = "web",
    severity: LogSeverity = .log, boot: Int64 = 1_000_000_000
  ) throws {
    let stream = LineBatch.Stream(row: 0, key: key, offset: 0, which: .output)
    try withBatch(text.utf8, process: process, severity: severity, stream: stream, endsOpen: open, boot: boot) {
      try sink.append($0, decorate: decorate)
    }
  }

  @Test func plainTextIsWrittenAsItCame() throws {
    let sink = FileSink(path: path, context: try ledgers.context())
    try append("one\r\n\0two\n", to: sink)
    try append("\u{1B}[1mbold\u{1B}[0m\n", to: sink)
    try append("no line feed", to: sink)
    #expect(text(path) == "one\r\n\0two\nbold\nno line feed\n")
  }

  @Test func decoratedLinesSayWhenWhoAndWhat() throws {
    let sink = FileSink(path: path, context: try ledgers.context())
    try append("one\ntwo\n", to: sink, decorate: true)
    try append("bad\n", to: sink, decorate: true, process: "core", severity: .error)
    #expect(
      text(path) == """
        2001-09-09T01:46:40.000Z [LOG] [web:stdout] one
        2001-09-09T01:46:40.000Z [LOG] [web:stdout] two
        2001-09-09T01:46:40.000Z [ERROR] [core:stdout] bad

        """)
  }

  @Test func aPieceOfALineIsContinuedUnlessAnotherStreamComesBetween() throws {
    let sink = FileSink(path: path, context: try ledgers.context())
    try append("pro", to: sink, open: true)
    try append("mpt> ", to: sink, open: true)
    try append("yes\nmore", to: sink, open: true)
    try append("other\n", to: sink, key: 2)
    try append(" text\n", to: sink)
    #expect(text(path) == "prompt> yes\nmore\nother\n text\n")
  }

  @Test func aPieceIsContinuedByTheNextBrain() throws {
    try append("pro", to: FileSink(path: path, context: try ledgers.context()), open: true)
    try append("mpt\n", to: FileSink(path: path, context: try ledgers.context()))
    #expect(text(path) == "prompt\n")
  }

  @Test func whatOthersWroteStays() throws {
    try append("safe\n", to: FileSink(path: path, context: try ledgers.context()))
    put(Array("by hand\nhalf".utf8), to: path, append: true)
    let next = FileSink(path: path, context: try ledgers.context())
    try append("more\n", to: next)
    put(Array("foreign\n".utf8), to: path, append: true)
    next.closeFile()
    try append("end\n", to: next)
    #expect(text(path) == "safe\nby hand\nhalf\nmore\nforeign\nend\n")
  }

  @Test func aMovedOrRemovedFileIsMadeAgain() throws {
    let sink = FileSink(path: path, context: try ledgers.context())
    try append("one\n", to: sink)
    rename(path, path + ".1")
    try append("two\n", to: sink, boot: 2_000_000_000)
    unlink(path)
    try append("three\n", to: sink, boot: 3_000_000_000)
    #expect(text(path + ".1") == "one\n")
    #expect(text(path) == "three\n")
  }

  @Test func aTruncatedFileIsAppendedTo() throws {
    let sink = FileSink(path: path, context: try ledgers.context())
    try append("one\n", to: sink)
    truncate(path, 0)
    try append("two\n", to: sink)
    #expect(text(path) == "two\n")
  }

  @Test func aMissingFolderIsToldOnceAndRetried() throws {
    let context = try ledgers.context()
    let sink = FileSink(path: folder.at("none/sub/out.txt"), context: context)
    for place in 0..<5 { try append("\(place)\n", to: sink, boot: 1_000_000_000 + Int64(place)) }
    let notes = context.takeNotes().map(\.text)
    #expect(notes.count == 1)
    #expect(notes.first?.contains("/none: No such file or directory") == true)
    mkdir(folder.at("none"), 0o755)
    try append("5\n", to: sink, boot: 2_000_000_000)
    let lines = text(folder.at("none/sub/out.txt")).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains("[core:lost] lost 5 lines: open ") == true)
    #expect(lines.last == "5")
  }

  @Test func aFullDeviceDropsLinesAndNeverThrows() throws {
    let context = try ledgers.context()
    let sink = FileSink(path: "/dev/full", context: context)
    for place in 0..<20 { try append("x\n", to: sink, boot: 1_000_000_000 * Int64(place + 1)) }
    #expect(context.takeNotes().count == 1)
    #expect(sink.failure.reason == "write /dev/full: No space left on device")
    #expect(context.ledger.claim(.file, "/dev/full")?.newest?.lost == 20)
  }

  @Test func aFIFONeverBlocks() throws {
    let fifo = folder.at("fifo")
    mkfifo(fifo, 0o644)
    let context = try ledgers.context()
    let sink = FileSink(path: fifo, context: context)
    try append("nobody reads\n", to: sink)
    #expect(context.takeNotes().count == 1)
    let reader = open(fifo, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let big = String(repeating: "x", count: 99_999) + "\n"
    for place in 1...10 { try append(big, to: sink, boot: 1_000_000_000 * Int64(place + 1)) }
    var bytes = [UInt8](repeating: 0, count: 200)
    #expect(read(reader, &bytes, 200) == 200)
    #expect(String(decoding: bytes.prefix(60), as: UTF8.self).contains("lost 1 line:"))
    #expect(sink.failure.reason?.contains("Resource temporarily unavailable") == true)
  }
}
