import PupAPI
import Testing

@Suite("Dates") struct ISODateTests {
  @Test(
    "reads and writes",
    arguments: [
      ("1970-01-01T00:00:00.000Z", 0), ("2026-11-21T08:15:30.123Z", 1_795_248_930_123),
      ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
      ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func roundTrip(_ text: String, _ milliseconds: Int64) {
    #expect(ISODate(milliseconds: milliseconds).text == text)
    #expect(ISODate(text: text)?.milliseconds == milliseconds)
  }

  @Test(
    "understands offsets and short forms",
    arguments: [
      ("2026-11-21T10:15:30+02:00", "2026-11-21T08:15:30.000Z"), ("2026-11-21", "2026-11-21T00:00:00.000Z"),
      ("2026-11-21 08:15Z", "2026-11-21T08:15:00.000Z"), ("2026-11-21T08:15:30.5-0030", "2026-11-21T08:45:30.500Z"),
    ])
  func forms(_ text: String, _ expected: String) { #expect(ISODate(text: text)?.text == expected) }

  @Test(
    "refuses anything that is not a date",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-30", "2026-11-21T25:00:00Z", "2026-11-21T08:15:30", "2026-11-21T08:15:30Zx",
      "1969-12-31",
      "2026-11-21T08:15:30.Z",
    ])
  func refused(_ text: String) { #expect(ISODate(text: text) == nil) }
}
