import Glibc
import PupLogs
import Testing

@testable import PupCommandLine

@Suite(.serialized) struct LineLayoutTests {
  private static let noon = LogTime(microseconds: 1_795_262_400_123_456)  // 2026-11-21T12:00:00Z

  private func shown(
    _ format: LogFormat, _ lines: [ShownLine], names: [String] = [], terminal: Bool = true, colours: Bool = false
  ) -> String {
    setenv("TZ", "UTC", 1)
    tzset()
    var layout = LineLayout(format, names: names, now: Self.noon)
    var screen = ScreenText(isTerminal: terminal, colours: colours)
    for line in lines { layout.add(line, to: &screen) }
    return screen.text
  }

  private func line(
    _ severity: LogSeverity, _ process: String, _ text: String, category: String = "stdout", before days: Int64 = 0,
    partial: Bool = false, continued: Bool = false
  ) -> ShownLine {
    ShownLine(
      LogLine(
        time: LogTime(microseconds: Self.noon.microseconds - days * 86_400_000_000), severity: severity, category: category,
        process: process, text: Array(text.utf8), isPartial: partial, isContinuation: continued))
  }

  @Test func piecesOfALineAreOneLine() {
    let (begin, rest) = (line(.log, "web", "connecting", partial: true), line(.log, "web", " ok", continued: true))
    let more = line(.log, "web", ".", partial: true, continued: true)
    let end = line(.log, "web", "", continued: true)
    let other = line(.log, "api", "x")
    let first = "12:00:00 LOG   web   connecting"
    #expect(shown(.short, [begin, rest]) == first + " ok\n")
    #expect(shown(.short, [begin, more, more, end]) == first + "..\n")
    #expect(shown(.short, [begin, other, rest]) == first + "\n12:00:00 LOG   api   x\n12:00:00 LOG   web   … ok\n")
    // The line that was left open has ended, of which nothing was to be seen.
    #expect(shown(.short, [begin, line(.log, "web", "next")]) == first + "\n12:00:00 LOG   web   next\n")
    #expect(shown(.short, [begin, other, end]) == first + "\n12:00:00 LOG   api   x\n")
    #expect(shown(.raw, [begin, more, other, rest], terminal: false) == "connecting.\nx\n ok\n")
  }

  @Test func shortLinesAreAligned() {
    let lines = [
      line(.log, "web", "ready"), line(.error, "worker-1", "bad", category: "stderr"),
      line(.warn, "core", "hm", category: "watch"),
      line(.info, "web", "old", before: 1), line(.log, "a-name-that-is-longer-than-20", "x"),
    ]
    #expect(
      shown(.short, lines, names: ["web", "worker-1"]) == """
        12:00:00 LOG   web       ready
        12:00:00 ERROR worker-1  bad
        12:00:00 WARN  core      hm
        2026-11-20 12:00:00 INFO  web       old
        12:00:00 LOG   a-name-that-is-longer-than-20  x

        """)
  }

  @Test func longAndRawAreForPrograms() {
    let lines = [line(.log, "web", "a\u{7}b")]
    #expect(shown(.long, lines, terminal: false) == "2026-11-21T12:00:00.123456Z [LOG] [web:stdout] a\u{7}b\n")
    #expect(shown(.long, lines) == "2026-11-21T12:00:00.123456Z [LOG] [web:stdout] a^Gb\n")
    #expect(shown(.raw, lines, terminal: false) == "a\u{7}b\n")
  }

  /// Standard error need not be an error.
  @Test func aProgramsTextIsNotColoured() {
    for format in [LogFormat.short, .long] {
      let text = shown(format, [line(.error, "web", "INFO: tick", category: "stderr")], colours: true)
      #expect(text.hasSuffix(" INFO: tick\n") && text.contains("\u{1B}[31m"))
    }
    #expect(
      shown(.short, [line(.error, "web", "ERROR: no", category: "stderr")], colours: true)
        .hasSuffix("\u{1B}[31mERROR: no\u{1B}[0m\n"))
    #expect(
      shown(.short, [line(.error, "core", "web: failed", category: "finished")], colours: true)
        .hasSuffix("\u{1B}[31mweb: failed\u{1B}[0m\n"))
  }

  @Test func aProcessKeepsItsColour() {
    #expect(ProcessColour.of("web") == ProcessColour.of("WEB"))
    #expect(ProcessColour.of("core") == 90)
    #expect(Set((1...40).map { ProcessColour.of("worker-\($0)") }).count > 4)
    #expect(!(1...100).contains { [31, 91, 90].contains(ProcessColour.of("p\($0)")) })
  }

  @Test func windowsLineEndsAreNotShown() {
    #expect(shown(.short, [line(.log, "web", "x\r")]).hasSuffix("  x\n"))
    #expect(shown(.short, [line(.log, "web", "x\ry")]).hasSuffix("  x^My\n"))
    #expect(shown(.long, [line(.log, "web", "x\r")], terminal: false).hasSuffix(" x\r\n"))
  }
}
