import Testing

@testable import PupLogs

@Suite struct NamesTests {
  @Test func segmentNamesAreReadBack() {
    let name = SegmentName(sequence: 12, first: LogTime(microseconds: 1_795_248_930_123_456))
    #expect(name.text == "00000012-20261121T081530.123456Z.log")
    #expect(SegmentName(name.text) == name)
    let long = SegmentName(sequence: 1_234_567_890_123, first: name.first)
    #expect(SegmentName(long.text) == long)
  }

  @Test(arguments: [
    "", "x.log", "00000012-20261121T081530.123456Z.txt", "00000012-20261321T081530.123456Z.log",
    "0000001x-20261121T081530.123456Z.log",
    "00000012_20261121T081530.123456Z.log", "12-20261121T081530.123456Z.log",
    "99999999999999999999999-20261121T081530.123456Z.log",
  ])
  func otherFilesAreNoSegments(text: String) { #expect(SegmentName(text) == nil) }

  @Test(arguments: [
    ("web", "web"), ("@a.b_c-d", "@a.b_c-d"), ("..", "%2e."), ("a/b", "a%2fb"), ("", "%"), ("ü", "%c3%bc"), (".x", "%2ex"),
  ])
  func noProcessIdLeavesTheLogDirectory(process: String, folder: String) {
    #expect(ProcessFolder.name(of: process) == folder)
    #expect(ProcessFolder.process(of: folder) == process)
  }

  @Test(arguments: [
    ("stdout", "stdout"), ("a b", "a_b"), ("", "-"), ("+x+", "_x_"), ("+", "_"), ("a\nb\t\u{7F}", "a_b__"),
    ("a\u{9B}\u{202E}b", "a__b"), ("größe", "größe"),
  ])
  func categoriesAreOneWord(text: String, written: String) {
    #expect(String(decoding: LineFormat.category(text), as: UTF8.self) == written)
  }

  @Test func severitiesHaveAnOrderAndNames() {
    #expect(LogSeverity.allCases.map(\.name) == ["log", "info", "warn", "error"])
    #expect(LogSeverity("WARN") == .warn && LogSeverity("x") == nil)
    #expect(LogSeverity.log < .info && LogSeverity.warn < .error)
  }
}
