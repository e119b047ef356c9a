import Glibc
import PupBasics
import PupTestSupport
import Testing

@Suite struct CivilDateTests {
  @Test func everyDayOfEightCenturiesComesBack() {
    var previous = CivilDate(daysSinceEpoch: -200_001)
    for days in -200_000...100_000 {
      let date = CivilDate(daysSinceEpoch: days)
      if date.daysSinceEpoch != days { Issue.record("\(days) comes back as \(date.daysSinceEpoch)") }
      let isNextDay = date.day == previous.day + 1 && date.month == previous.month
      let isNextMonth =
        date.day == 1 && previous.day == CivilDate.daysIn(month: previous.month, of: previous.year)
        && (date.month == previous.month % 12 + 1) && date.year == previous.year + (date.month == 1 ? 1 : 0)
      if !isNextDay, !isNextMonth { Issue.record("\(previous) is followed by \(date)") }
      previous = date
    }
  }

  @Test func theSystemAgrees() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<10_000 {
      let days = Int.random(in: -700_000...2_000_000, using: &generator)
      var seconds = days * 86_400
      var broken = tm()
      gmtime_r(&seconds, &broken)
      let date = CivilDate(daysSinceEpoch: days)
      #expect([date.year, date.month, date.day] == [Int(broken.tm_year) + 1900, Int(broken.tm_mon) + 1, Int(broken.tm_mday)])
      #expect(CivilDate.weekday(daysSinceEpoch: days) == Int(broken.tm_wday))
    }
  }
}
