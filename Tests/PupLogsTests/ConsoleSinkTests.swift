import CLinux
import Glibc
import PupSystem
import Testing

@testable import PupLogs

@Suite(.timeLimit(.minutes(1))) struct ConsoleSinkTests {
  private let ledgers: Ledgers
  private let context: SinkContext
  private let (outRead, outWrite, errRead, errWrite): (Int32, Int32, Int32, Int32)

  init() throws {
    ledgers = try Ledgers()
    context = try ledgers.context()
    var (first, second, third, fourth): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    try check(pup_pipe(&first, &second, false), "pipe")
    try check(pup_pipe(&third, &fourth, false), "pipe")
    (outRead, outWrite, errRead, errWrite) = (first, second, third, fourth)
  }

  /// What has been written, after both write ends are closed.
  private func output() -> (out: String, err: String) {
    close(outWrite)
    close(errWrite)
    defer {
      close(outRead)
      close(errRead)
    }
    func all(_ descriptor: Int32) -> String {
      var all: [UInt8] = []
      var block = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(descriptor, &block, block.count)
        guard count > 0 else { return String(decoding: all, as: UTF8.self) }
        all += block[..<count]
      }
    }
    return (all(outRead), all(errRead))
  }

  private func sink(colors: Bool, capacity: Int = 1 << 20) throws -> ConsoleSink {
    try ConsoleSink(output: outWrite, error: errWrite, forcedColors: colors, capacity: capacity)
  }

  private func append(
    _ text: String, to sink: ConsoleSink, process: String = "web", severity: LogSeverity = .log, category: String = "stdout",
    key: UInt64 = 1, open: Bool = false, decorate: Bool = false
  ) {
    let stream = LineBatch.Stream(row: 0, key: key, offset: 0, which: .output)
    withBatch(text.utf8, process: process, severity: severity, category: category, stream: stream, endsOpen: open) {
      sink.append($0, decorate: decorate, context: context)
    }
  }

  @Test func errorsGoToStandardErrorAndDecorationSaysWho() throws {
    let sink = try sink(colors: false)
    append("one\ntwo\n", to: sink, decorate: true)
    append("\u{1B}[1mbold\u{1B}[0m\n", to: sink)
    append("bad\n", to: sink, severity: .error, category: "stderr", decorate: true)
    #expect(sink.finish())
    let (out, err) = output()
    #expect(out == "2001-09-09T01:46:40.000Z [LOG] [web:stdout] one\n2001-09-09T01:46:40.000Z [LOG] [web:stdout] two\nbold\n")
    #expect(err == "2001-09-09T01:46:40.000Z [ERROR] [web:stderr] bad\n")
  }

  @Test(arguments: [
    ("core", LogSeverity.log, "x", "\u{1B}[90mtext\u{1B}[0m\n"), ("web", .log, "starting", "\u{1B}[32mtext\u{1B}[0m\n"),
    ("web", .log, "finished", "\u{1B}[33mtext\u{1B}[0m\n"), ("core", .log, "starting", "\u{1B}[32mtext\u{1B}[0m\n"),
    ("core", .error, "starting", "\u{1B}[31mtext\u{1B}[0m\n"), ("web", .error, "stderr", "\u{1B}[31mtext\u{1B}[0m\n"),
    ("web", .log, "stdout", "text\n"),
  ])
  func colours(process: String, severity: LogSeverity, category: String, shown: String) throws {
    let sink = try sink(colors: true)
    append("text\n", to: sink, process: process, severity: severity, category: category)
    #expect(sink.finish())
    let (out, err) = output()
    #expect((severity == .error ? err : out) == shown)
  }

  @Test func aProgramsOwnColoursEndWithItsLine() throws {
    let sink = try sink(colors: true)
    append("\u{1B}[1mbold\n", to: sink)
    #expect(sink.finish())
    #expect(output().out == "\u{1B}[1mbold\u{1B}[0m\n")
  }

  @Test func whatIsNoTerminalGetsNoColours() throws {
    let sink = try ConsoleSink(output: outWrite, error: errWrite, colors: true)
    append("text\n", to: sink, process: "core")
    #expect(sink.finish())
    #expect(output().out == "text\n")
  }

  @Test func aPromptIsContinuedUnlessAnotherLineComesBetween() throws {
    let sink = try sink(colors: false)
    append("name? ", to: sink, open: true)
    append("bob\nage? ", to: sink, open: true)
    append("other\n", to: sink, key: 2)
    append("7\n", to: sink)
    #expect(sink.finish())
    #expect(output().out == "name? bob\nage? \nother\n7\n")
  }

  @Test func aSlowReaderLosesLinesWithAMarkAndBlocksNobody() throws {
    let sink = try sink(colors: false, capacity: 64 << 10)
    let line = String(repeating: "x", count: 999) + "\n"
    // Nobody reads: a pipe of 64 KiB, a queue of 64 KiB and what the thread holds are full long before this ends.
    for _ in 0..<1_000 { append(line, to: sink) }
    #expect(!sink.finish(timeoutMilliseconds: 20))
    let shown = onThread { [outRead] in
      var block = [UInt8](repeating: 0, count: 65_536)
      var text = ""
      while !text.contains("not shown\n") {
        let count = read(outRead, &block, block.count)
        guard count > 0 else { break }
        text = String(text.suffix(100)) + String(decoding: block[..<count], as: UTF8.self)
      }
      #expect(text.contains(" lines not shown\n"))
    }
    #expect(shown.take() == true)
    close(outRead)
    close(errRead)
  }

  @Test func theMarkStandsWhereTheLinesWouldBe() throws {
    let queue = ConsoleQueue(capacity: 10)
    func push(_ text: String) { Array(text.utf8).withUnsafeBytes { queue.push($0, isError: false) } }
    push("0123456789")
    #expect(!queue.hasRoom)
    queue.hide(lines: 3)
    queue.hide(lines: 2)
    #expect(queue.next()?.map { String(decoding: $0.bytes, as: UTF8.self) } == ["0123456789"])
    #expect(queue.hasRoom)
    push("next\n")
    #expect(queue.next()?.map { String(decoding: $0.bytes, as: UTF8.self) } == ["… 5 lines not shown\nnext\n"])
    #expect(!queue.close(timeoutMilliseconds: 1))
    #expect(queue.next() == nil)
    #expect(queue.close(timeoutMilliseconds: 1))
  }

  @Test func aReaderThatWentAwayIsNoError() throws {
    signal(SIGPIPE, SIG_IGN)
    let sink = try sink(colors: false)
    close(outRead)
    for _ in 0..<100 { append("text\n", to: sink) }
    append("bad\n", to: sink, severity: .error)
    #expect(sink.finish())
    close(outWrite)
    close(errWrite)
    var block = [UInt8](repeating: 0, count: 100)
    #expect(read(errRead, &block, 100) == 4)
    close(errRead)
  }
}
