import Testing

@testable import PupLogs

@Suite struct StoredLineTests {
  private func parse<Result>(_ line: String, _ body: (StoredLine?) -> Result) -> Result {
    Array(line.utf8).withUnsafeBytes { body(StoredLine($0)) }
  }

  @Test(arguments: [
    ("2026-11-21T08:15:30.123456Z log stdout the text", LogSeverity.log, "stdout", "the text", false, false),
    ("2026-11-21T08:15:30.123456Z error stderr  two blanks", .error, "stderr", " two blanks", false, false),
    ("2026-11-21T08:15:30.123456Z warn stdout ", .warn, "stdout", "", false, false),
    ("2026-11-21T08:15:30.123456Z log stdout+ piece", .log, "stdout", "piece", false, true),
    ("2026-11-21T08:15:30.123456Z log +stdout+ piece", .log, "stdout", "piece", true, true),
    ("2026-11-21T08:15:30.123456Z log +stdout end", .log, "stdout", "end", true, false),
  ])
  func partsOfALine(
    line: String, severity: LogSeverity, category: String, text: String, continued: Bool, continues: Bool
  ) {
    parse(line) { stored in
      #expect(stored?.time.microseconds == 1_795_248_930_123_456)
      #expect(stored?.severity == severity)
      #expect(stored.map { String(decoding: $0.category, as: UTF8.self) } == category)
      #expect(stored.map { String(decoding: $0.text, as: UTF8.self) } == text)
      #expect(stored?.continued == continued && stored?.continues == continues)
    }
  }

  @Test(arguments: [
    "", "x", "2026-11-21T08:15:30.123456Z", "2026-11-21T08:15:30.123456Z ", "2026-11-21T08:15:30.123456Z log",
    "2026-11-21T08:15:30.123456Z log stdout", "2026-11-21T08:15:30.123456Z loud stdout x",
    "2026-11-21T08:15:30.123456Zlog stdout x",
    "2026-11-21T08:15:30.123456Z log  x",
  ])
  func damagedLinesAreTold(line: String) { parse(line) { #expect($0 == nil) } }

  @Test func bytesCutAnywhereNeverCrash() {
    let line = "2026-11-21T08:15:30.123456Z error +stdout+ text"
    for length in 0...line.utf8.count { parse(String(line.prefix(length))) { #expect(length > 40 || $0 == nil) } }
  }
}
