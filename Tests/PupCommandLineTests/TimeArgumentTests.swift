import PupLogs
import Testing

@testable import PupCommandLine

@Suite struct TimeArgumentTests {
  private static let midnight: Int64 = 1_795_219_200_000_000  // 2026-11-21T00:00:00Z

  @Test(
    arguments: [
      ("2026-11-21T00:00:00Z", 0), ("2026-11-21T00:00Z", 0), ("2026-11-21 00:00:01Z", 1_000_000),
      ("2026-11-21T00:00:00.25Z", 250_000),
      ("2026-11-21T00:00:00.123456789Z", 123_456), ("2026-11-21T01:00:00+01:00", 0), ("2026-11-20T23:30:00-0030", 0),
    ] as [(String, Int64)])
  func timesAreRead(_ text: String, _ offset: Int64) {
    #expect(TimeArgument.parse(text)?.microseconds == Self.midnight + offset)
  }

  @Test func theEndOfASpanIsItsLastMoment() {
    #expect(TimeArgument.parse("2026-11-21T00:00Z", isEnd: true)?.microseconds == Self.midnight + 60_000_000 - 1)
    #expect(TimeArgument.parse("2026-11-21T00:00:05Z", isEnd: true)?.microseconds == Self.midnight + 6_000_000 - 1)
  }

  @Test(arguments: [
    "", "yesterday", "2026", "2026-13-01", "2026-02-30T00:00Z", "2026-11-21T25:00Z", "2026-11-21T00:00:00X", "2026-11-21T00:00+",
  ])
  func nonsenseIsNoTime(_ text: String) { #expect(TimeArgument.parse(text) == nil) }
}
