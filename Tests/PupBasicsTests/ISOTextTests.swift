import PupBasics
import PupTestSupport
import Testing

@Suite struct ISOTextTests {
  @Test func aPrecisionCutsAndKeepsItsWidth() {
    let moment: Int64 = 1_795_248_930_123_999
    #expect(ISOText.text(moment, .seconds) == "2026-11-21T08:15:30Z")
    #expect(ISOText.text(moment, .milliseconds) == "2026-11-21T08:15:30.123Z")
    #expect(ISOText.text(moment, .microseconds) == "2026-11-21T08:15:30.123999Z")
    for precision in [ISOText.Precision.seconds, .milliseconds, .microseconds] {
      #expect(ISOText.text(moment, precision).utf8.count == precision.width)
      #expect(ISOText.text(-1, precision).hasPrefix("1970-01-01T00:00:00"))
      #expect(ISOText.text(.max, precision).hasPrefix("9999-12-31T23:59:59"))
      #expect(ISOText.text(.min, precision).hasPrefix("1970-01-01T00:00:00"))
    }
  }

  @Test func whatIsWrittenIsReadByBothReadersAndSortsLikeTheMoments() {
    var generator = SeededGenerator(seed: 11)
    var last = ""
    for moment in (0..<5_000).map({ _ in Int64.random(in: 0...ISOText.latest, using: &generator) }).sorted() {
      let text = ISOText.text(moment, .microseconds)
      #expect(ISOText.read(Array(text.utf8).span) == moment)
      #expect(ISOText.microseconds(of: text) == moment)
      #expect(ISOText.microseconds(of: ISOText.text(moment, .milliseconds)) == moment / 1000 * 1000)
      #expect(ISOText.microseconds(of: ISOText.text(moment, .seconds)) == moment / 1_000_000 * 1_000_000)
      #expect(last <= text)
      last = text
    }
  }

  /// Cut anywhere, or with another byte anywhere, it is either refused or another moment, and nothing is read beyond its end.
  @Test func damagedTextsAreRefused() {
    var generator = SeededGenerator(seed: 12)
    let whole = Array("2026-11-21T08:15:30.123456Z".utf8)
    for count in 0..<whole.count { #expect(ISOText.read(Array(whole[..<count]).span) == nil) }
    for _ in 0..<20_000 {
      var bytes = whole
      bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      guard let moment = ISOText.read(bytes.span) else { continue }
      #expect(ISOText.text(moment, .microseconds).utf8.elementsEqual(bytes))
    }
  }

  @Test(arguments: [
    ("2026-11-21", "2026-11-21T00:00:00.000000Z"), ("2026-11-21 08:15z", "2026-11-21T08:15:00.000000Z"),
    ("2026-11-21t10:15:30+02:00", "2026-11-21T08:15:30.000000Z"), ("2026-11-21T08:15:30.5-0030", "2026-11-21T08:45:30.500000Z"),
    ("2024-02-29T00:00:00.1234567890Z", "2024-02-29T00:00:00.123456Z"),
    ("2024-12-31T23:59:59-23:59", "2025-01-01T23:58:59.000000Z"),
  ])
  func lenientForms(text: String, moment: String) throws {
    #expect(ISOText.text(try #require(ISOText.microseconds(of: text)), .microseconds) == moment)
  }

  @Test func anOffsetMayLeadBeforeTheFirstMoment() {
    #expect(ISOText.microseconds(of: "1970-01-01T00:00+01:00") == -3_600_000_000)
  }

  @Test(arguments: [
    "", "2", "2026", "2026-11", "1969-12-31", "2026-00-01", "2026-13-01", "2026-02-29", "2100-02-29", "2026-11-00", "2026-11-31",
    "2026-11-21T", "2026-11-21T08", "2026-11-21T08:15", "2026-11-21T24:00Z", "2026-11-21T08:60Z", "2026-11-21T08:15:60Z",
    "2026-11-21T08:15:30.Z", "2026-11-21T08:15:30Zx", "2026-11-21T08:15:30+24:00", "2026-11-21T08:15:30+01:60",
    "2026-11-21T08:15:30+01", "2026-11-21\u{0}", "２026-11-21", "-2026-11-21", "+2026-11-21",
  ])
  func lenientRefusals(text: String) { #expect(ISOText.microseconds(of: text) == nil) }
}
