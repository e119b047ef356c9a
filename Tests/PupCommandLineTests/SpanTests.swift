import Glibc
import PupLogs
import Testing

@testable import PupCommandLine

@Suite(.serialized) struct SpanTests {
  @Test(
    arguments: [
      ("90", 90), ("0", 0), ("10m", 600), ("1h30m", 5400), ("2 days", 172_800), ("1 hour 5 min", 3900), ("1W", 604_800),
      ("30s", 30),
      ("", nil), ("m", nil), ("10x", nil), ("1h30", nil), ("-5m", nil), ("1.5h", nil), ("99999999999999999999", nil),
      ("9223372036854775807w", nil), ("1 h ago", nil),
    ] as [(String, Int64?)])
  func spans(_ text: String, _ seconds: Int64?) { #expect(DurationArgument.seconds(text) == seconds) }

  /// 2026-11-21T00:30:00Z, a Saturday.
  private static let now = LogTime(microseconds: 1_795_221_000_000_000)

  @Test(arguments: [
    ("10m", "2026-11-21T00:20:00Z"), ("-10m", "2026-11-21T00:20:00Z"), ("10 minutes ago", "2026-11-21T00:20:00Z"),
    ("1 minute ago", "2026-11-21T00:29:00Z"), ("1h30m ago", "2026-11-20T23:00:00Z"), ("now", "2026-11-21T00:30:00Z"),
    ("00:15", "2026-11-21T00:15:00Z"), ("23:50", "2026-11-20T23:50:00Z"), ("8:05:30", "2026-11-20T08:05:30Z"),
    ("today", "2026-11-21T00:00:00Z"), ("yesterday", "2026-11-20T00:00:00Z"), ("Yesterday 17:25", "2026-11-20T17:25:00Z"),
    ("2026-11-19", "2026-11-19T00:00:00Z"), ("today 8:15", "2026-11-21T08:15:00Z"),
  ])
  func whatPeopleSay(_ text: String, _ meant: String) {
    setenv("TZ", "UTC", 1)
    tzset()
    #expect(TimeArgument.parse(text, now: Self.now) == TimeArgument.parse(meant))
  }

  @Test func anEndIsTheEndOfWhatIsNamed() {
    setenv("TZ", "UTC", 1)
    tzset()
    #expect(TimeArgument.parse("yesterday", isEnd: true, now: Self.now) == TimeArgument.parse("2026-11-20", isEnd: true))
    #expect(TimeArgument.parse("23:50", isEnd: true, now: Self.now) == TimeArgument.parse("2026-11-20T23:50", isEnd: true))
  }

  @Test(arguments: ["10", "tomorrow", "25:00", "17:99", "yesterday noon", "yesterday 17:25 x", "ago", "m ago", "17:25 ago", ""])
  func whatIsNoTime(_ text: String) { #expect(TimeArgument.parse(text, now: Self.now) == nil) }
}
