import PupBasics
import PupTestSupport
import Testing

@Suite struct CivilTimeTests {
  @Test(arguments: [
    (0, 1970, 1, 1, 0, 0, 0, 0), (-1, 1969, 12, 31, 23, 59, 59, 999_999), (951_782_400_000_001, 2000, 2, 29, 0, 0, 0, 1),
    (-62_167_219_200_000_000, 0, 1, 1, 0, 0, 0, 0), (-62_167_219_200_000_001, -1, 12, 31, 23, 59, 59, 999_999),
    (253_402_300_799_999_999, 9999, 12, 31, 23, 59, 59, 999_999),
  ])
  func knownMoments(moment: Int64, year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, microsecond: Int) {
    let date = CivilDate(year: year, month: month, day: day)
    let time = CivilTime(date: date, hour: hour, minute: minute, second: second, microsecond: microsecond)
    #expect(CivilTime(microseconds: moment) == time)
    #expect(time.microseconds == moment)
  }

  @Test func everyMomentOfTheYearsMinusOneToTenThousandComesBack() {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<20_000 {
      let moment = Int64.random(in: -62_198_755_200_000_000...253_402_300_799_999_999, using: &generator)
      let time = CivilTime(microseconds: moment)
      #expect((-1...9999).contains(time.date.year))
      #expect(time.microseconds == moment)
    }
  }

  @Test func theWholeRangeOfTheCountIsSplit() {
    #expect(CivilTime(microseconds: .max).date == CivilDate(year: 294_247, month: 1, day: 10))
    #expect(CivilTime(microseconds: .min).date == CivilDate(year: -290_308, month: 12, day: 21))
    #expect(CivilTime(microseconds: .max).microseconds == nil)
  }

  @Test(arguments: [
    (2026, 2, 29, 0, 0, 0, 0), (1900, 2, 29, 0, 0, 0, 0), (2026, 0, 1, 0, 0, 0, 0), (2026, 13, 1, 0, 0, 0, 0),
    (2026, 4, 31, 0, 0, 0, 0), (2026, 4, 0, 0, 0, 0, 0), (2026, 4, 1, 24, 0, 0, 0), (2026, 4, 1, 0, 60, 0, 0),
    (2026, 4, 1, 0, 0, 60, 0), (2026, 4, 1, 0, 0, 0, 1_000_000), (2026, 4, 1, -1, 0, 0, 0), (10_000, 1, 1, 0, 0, 0, 0),
    (.max, 1, 1, 0, 0, 0, 0), (.min, 1, 1, 0, 0, 0, 0),
  ])
  func whatNoClockShowsIsNoMoment(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, microsecond: Int) {
    let date = CivilDate(year: year, month: month, day: day)
    #expect(CivilTime(date: date, hour: hour, minute: minute, second: second, microsecond: microsecond).microseconds == nil)
  }
}
