import PupCore
import Testing

@Suite struct PosixRuleTests {
  private func switches(_ rule: String, after start: WallTime, count: Int) throws -> [String] {
    let zone = try TimeZoneRules(name: rule, posixRule: rule)
    var texts: [String] = []
    var time = start.seconds
    while texts.count < count, let next = zone.nextChange(after: time) {
      texts.append(WallTime(microseconds: Int64(next) * 1_000_000).text() + " \(zone.offset(at: next))")
      time = next
    }
    return texts
  }

  @Test func readsEveryNotationOfADay() throws {
    #expect(
      try switches("CET-1CEST,M3.5.0,M10.5.0/3", after: WallTime(2026, 1, 1), count: 2)
        == ["2026-03-29 01:00:00 7200", "2026-10-25 01:00:00 3600"])
    // J60 is 1 March in every year, 59 is 29 February in a leap year.
    #expect(try switches("AAA0BBB,J60/0,J300/0", after: WallTime(2024, 1, 1), count: 1) == ["2024-03-01 00:00:00 3600"])
    #expect(try switches("AAA0BBB,59/0,300/0", after: WallTime(2024, 1, 1), count: 1) == ["2024-02-29 00:00:00 3600"])
    #expect(try switches("AAA0BBB,59/0,300/0", after: WallTime(2023, 1, 1), count: 1) == ["2023-03-01 00:00:00 3600"])
    // Times beyond a day and before midnight, as used by Greenland and Gaza.
    #expect(
      try switches("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", after: WallTime(2026, 1, 1), count: 1) == ["2026-03-29 01:00:00 -3600"])
    #expect(
      try switches("EET-2EEST,M3.4.4/50,M10.4.4/50", after: WallTime(2026, 1, 1), count: 1) == ["2026-03-28 00:00:00 10800"])
    // Ireland: winter time is the exception, one hour back.
    #expect(try switches("IST-1GMT0,M10.5.0,M3.5.0/1", after: WallTime(2026, 1, 1), count: 1) == ["2026-03-29 01:00:00 3600"])
  }

  @Test func daylightTimeAllYearNeverChanges() throws {
    let zone = try TimeZoneRules(name: "x", posixRule: "EST5EDT,0/0,J365/25")
    for year in 2020...2030 {
      #expect(zone.offset(at: WallTime(year, 1, 1, 5).seconds) == -14_400)
      #expect(zone.offset(at: WallTime(year, 12, 31, 23).seconds) == -14_400)
    }
    #expect(zone.nextChange(after: WallTime(2026, 1, 1).seconds) == nil)
  }

  @Test(arguments: [
    "", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
    "CET-1CEST,M3.5.7,M10.5.0",
    "CET-1CEST,J0,J1", "CET-1CEST,366,1", "CET-25", "CET-1CEST,M3.5.0,M10.5.0x", "CET-1CEST,M3.5.0/168,M10.5.0", "<CET-1",
    "CET-1:60",
    "CET-99999999999999999999",
  ])
  func wrongRulesAreRefused(rule: String) {
    #expect(throws: TimeZoneError.self) { try TimeZoneRules(name: "x", posixRule: rule) }
  }

  @Test func localTimesAreFound() {
    func local(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int = 0) -> Int {
      WallTime(year, month, day, hour, minute).seconds
    }
    let gap = WallTime(2026, 3, 29, 1).seconds
    #expect(Zones.berlin.resolve(local: local(2026, 3, 29, 1, 59)) == .once(gap - 60))
    #expect(Zones.berlin.resolve(local: local(2026, 3, 29, 2)) == .skipped(gapEnds: gap))
    #expect(Zones.berlin.resolve(local: local(2026, 3, 29, 2, 59)) == .skipped(gapEnds: gap))
    #expect(Zones.berlin.resolve(local: local(2026, 3, 29, 3)) == .once(gap))
    let back = WallTime(2026, 10, 25, 1).seconds
    let until = local(2026, 10, 25, 3)
    #expect(Zones.berlin.resolve(local: local(2026, 10, 25, 2)) == .repeated(first: back - 3600, second: back, until: until))
    #expect(
      Zones.berlin.resolve(local: local(2026, 10, 25, 2, 59)) == .repeated(first: back - 60, second: back + 3540, until: until))
    #expect(Zones.berlin.resolve(local: until) == .once(back + 3600))
    #expect(Zones.lordHowe.resolve(local: local(2026, 10, 4, 2, 15)) == .skipped(gapEnds: WallTime(2026, 10, 3, 15, 30).seconds))
  }
}
