import CLinux
import Glibc
import PupBasics
import PupSystem
import Testing

@testable import PupLogs

@Suite(.timeLimit(.minutes(5))) struct ConsoleSinkTests {
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

  private func sink(colors: Bool, terminal: Bool? = nil, capacity: Int = 1 << 20) throws -> ConsoleSink {
    try ConsoleSink(output: outWrite, error: errWrite, isTerminal: terminal ?? colors, colors: colors, capacity: capacity)
  }

  private func append(
    _ text: String, to sink: ConsoleSink, process: String = "web", severity: LogSeverity = .log, category: String = "stdout",
    tone: LogTone = .ordinary, key: UInt64 = 1, open: Bool = false, decorate: Bool = false, detects: Bool = false,
    goesOn: Bool = false
  ) {
    let stream = LineBatch.Stream(row: 0, key: key, offset: 0, which: .output)
    withBatch(
      text.utf8, process: process, severity: severity, category: category, detects: detects, tone: tone, stream: stream,
      endsOpen: open, openSeverity: goesOn ? severity : nil
    ) {
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

  /// Lines that come in pieces, of two programs in turns.
  @Test func theRestOfALineThatWasBrokenOffIsMarkedAndItsBareEndIsNone() throws {
    let sink = try sink(colors: false)
    append("load ", to: sink, open: true)
    append("50 % ", to: sink, open: true, goesOn: true)
    append("other\n", to: sink, process: "b", key: 2)
    append("done\nnext ", to: sink, open: true, goesOn: true)
    append("other\n", to: sink, process: "b", key: 2)
    append("\nlast\n", to: sink, goesOn: true)
    append("wait ", to: sink, open: true)
    append("\n", to: sink, goesOn: true)
    append("\n", to: sink)
    #expect(sink.finish())
    #expect(output().out == "load 50 % \nother\n…done\nnext \nother\nlast\nwait \n\n")
  }

  @Test(arguments: [
    ("core", LogSeverity.log, "x", LogTone.ordinary, "\u{1B}[90mtext\u{1B}[0m\n"),
    ("web", .log, "starting", .start, "\u{1B}[32mtext\u{1B}[0m\n"),
    ("web", .log, "finished", .end, "\u{1B}[33mtext\u{1B}[0m\n"),
    ("web", .warn, "errored", .failure, "\u{1B}[31mtext\u{1B}[0m\n"),
    ("core", .log, "starting", .start, "\u{1B}[32mtext\u{1B}[0m\n"),
    ("core", .error, "starting", .start, "\u{1B}[31mtext\u{1B}[0m\n"),
    ("web", .error, "log", .ordinary, "\u{1B}[31mtext\u{1B}[0m\n"), ("web", .log, "stdout", .ordinary, "text\n"),
    // Standard error alone is no error.
    ("web", .error, "stderr", .ordinary, "text\n"),
  ])
  func colours(process: String, severity: LogSeverity, category: String, tone: LogTone, shown: String) throws {
    let sink = try sink(colors: true)
    append("text\n", to: sink, process: process, severity: severity, category: category, tone: tone)
    #expect(sink.finish())
    let (out, err) = output()
    #expect((severity == .error ? err : out) == shown)
  }

  @Test func onlyTheMarkOfPlainStandardErrorIsRed() throws {
    let sink = try sink(colors: true)
    append("text\nERROR: no\n", to: sink, severity: .error, category: "stderr", decorate: true, detects: true)
    append("WARNING: slow\n", to: sink, severity: .error, category: "stderr", decorate: true, detects: true)
    #expect(sink.finish())
    let time = "2001-09-09T01:46:40.000Z"
    #expect(
      output().err == "\(time) \u{1B}[31m[ERROR]\u{1B}[0m [web:stderr] text\n"
        + "\u{1B}[31m\(time) [ERROR] [web:stderr] ERROR: no\u{1B}[0m\n\(time) [WARN] [web:stderr] WARNING: slow\n")
  }

  @Test func aProgramsOwnColoursEndWithItsLine() throws {
    let sink = try sink(colors: true)
    append("\u{1B}[1mbold\n", to: sink)
    #expect(sink.finish())
    #expect(output().out == "\u{1B}[1mbold\u{1B}[0m\n")
  }

  /// Colours of programs pass; what moves the cursor, sets the title or asks the terminal does not.
  @Test(arguments: [
    ("\u{1B}[1;31mred\u{1B}[0m", "\u{1B}[1;31mred\u{1B}[0m"), ("\u{1B}[38:2::1:2:3mx", "\u{1B}[38:2::1:2:3mx"),
    ("a\u{1B}[2J\u{1B}[10;1Hb", "ab"), ("\u{1B}]0;title\u{07}x", "x"), ("\u{1B}]52;c;cHduZWQ=\u{1B}\\x", "x"),
    ("\u{1B}Pq#0\u{1B}\\x", "x"), ("\u{1B}[6nx", "x"), ("\u{1B}c", ""), ("\u{1B}[>4;2mx", "x"), ("x\u{1B}[3", "x3"),
    ("10%\r20%", "10%^M20%"), ("windows\r", "windows"), ("a\u{8}\u{7}\u{E}\u{5}b", "a^H^G^N^Eb"), ("\u{9B}2J", "\\u{9b}2J"),
    ("evil\u{202E}txt", "evil\\u{202e}txt"), ("tab\tß漢😀", "tab\tß漢😀"),
  ])
  func aTerminalIsNotSteered(_ text: String, _ shown: String) throws {
    let sink = try sink(colors: true)
    append(text + "\n", to: sink)
    #expect(sink.finish())
    var out = output().out
    if text.contains("\u{1B}") { out = out.replacing(suffix: "\u{1B}[0m\n", with: "\n") }
    #expect(out == shown + "\n")
  }

  /// Who asks for no colours still has a terminal.
  @Test func withoutColoursATerminalIsNotSteeredEither() throws {
    let sink = try sink(colors: false, terminal: true)
    append("\u{1B}[31mred\u{1B}[0m\u{1B}[2J\u{7}\n", to: sink)
    #expect(sink.finish())
    #expect(output().out == "red^G\n")
  }

  @Test func aPipeGetsTheBytes() throws {
    let sink = try sink(colors: false)
    append("a\u{7}b\rc\u{9B}\n", to: sink)
    #expect(sink.finish())
    #expect(output().out == "a\u{7}b\rc\u{9B}\n")
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

extension String {
  fileprivate func replacing(suffix: String, with other: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) + other : self
  }
}
