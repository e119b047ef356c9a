import PupTestSupport
import Testing

@testable import PupLogs

@Suite struct TimestampTests {
  @Test(arguments: [
    (0 as Int64, "1970-01-01T00:00:00.000000Z"), (951_782_400_000_001, "2000-02-29T00:00:00.000001Z"),
    (1_795_248_930_123_456, "2026-11-21T08:15:30.123456Z"), (4_107_542_399_999_999, "2100-02-28T23:59:59.999999Z"),
    (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
  ])
  func knownMoments(microseconds: Int64, text: String) {
    #expect(Timestamp.text(LogTime(microseconds: microseconds)) == text)
    #expect(Array(text.utf8).withUnsafeBufferPointer { Timestamp.parse($0.baseAddress!) }?.microseconds == microseconds)
  }

  @Test func momentsThatCannotBeWrittenAreMovedToTheNearest() {
    #expect(Timestamp.text(LogTime(microseconds: -5)) == "1970-01-01T00:00:00.000000Z")
    #expect(Timestamp.text(LogTime(microseconds: .max)) == "9999-12-31T23:59:59.999999Z")
  }

  @Test func everyMomentIsReadBackAndSortsLikeItsText() {
    var generator = SeededGenerator(seed: 7)
    var last = (time: LogTime(microseconds: 0), text: "")
    var moments = (0..<5_000).map { _ in Int64.random(in: 0...253_402_300_799_999_999, using: &generator) }
    moments.sort()
    for microseconds in moments {
      let time = LogTime(microseconds: microseconds)
      let text = Timestamp.text(time)
      #expect(Array(text.utf8).withUnsafeBufferPointer { Timestamp.parse($0.baseAddress!) } == time)
      #expect(last.text <= text)
      last = (time, text)
    }
  }

  @Test(arguments: [
    "2026-11-21 08:15:30.123456Z", "2026-11-21T08:15:30.12345xZ", "2026-02-30T08:15:30.123456Z", "2026-11-21T24:15:30.123456Z",
    "2026-11-21T08:60:30.123456Z", "2026-13-21T08:15:30.123456Z", "0000-00-00T00:00:00.000000Z", "2026-11-21T08:15:30.123456+",
  ])
  func whatIsNoTimestampIsRefused(text: String) {
    #expect(Array(text.utf8).withUnsafeBufferPointer { Timestamp.parse($0.baseAddress!) } == nil)
  }
}
