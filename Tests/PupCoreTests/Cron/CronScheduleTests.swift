import PupCore
import Testing

@Suite struct CronScheduleTests {
  private func times(_ pattern: String, _ zone: TimeZoneRules = .utc, after start: WallTime, _ count: Int) throws -> [String] {
    try CronSchedule(parsing: pattern, zone: zone).times(after: start, count: count).map { $0.text(zone) }
  }

  @Test(arguments: [
    ("@yearly", "2027-01-01 00:00:00"), ("@annually", "2027-01-01 00:00:00"), ("@monthly", "2026-12-01 00:00:00"),
    ("@weekly", "2026-11-22 00:00:00"), ("@daily", "2026-11-22 00:00:00"), ("@midnight", "2026-11-22 00:00:00"),
    ("@Hourly", "2026-11-21 09:00:00"), ("* * * * *", "2026-11-21 08:16:00"), ("* * * * * *", "2026-11-21 08:15:31"),
    ("*/7 * * * * *", "2026-11-21 08:15:35"), ("0 9-17/4 * * MON-FRI", "2026-11-23 09:00:00"),
    ("0 0 L * *", "2026-11-30 00:00:00"),
    ("0 0 LW 1 *", "2027-01-29 00:00:00"), ("0 0 LW 5 *", "2027-05-31 00:00:00"), ("0 0 15W 11 *", "2027-11-15 00:00:00"),
    ("0 0 1W 5 *", "2027-05-03 00:00:00"), ("0 0 31W 1 *", "2027-01-29 00:00:00"), ("0 0 28W 2 *", "2027-02-26 00:00:00"),
    ("0 0 * * 5L", "2026-11-27 00:00:00"), ("0 0 * * FRI#L", "2026-11-27 00:00:00"), ("0 0 * * MON#1", "2026-12-07 00:00:00"),
    ("0 0 * * 1#4,5#2", "2026-11-23 00:00:00"), ("0 0 * feb mon#5", "2044-02-29 00:00:00"), ("0 0 29 2 *", "2028-02-29 00:00:00"),
    ("0 0 13 * FRI", "2026-11-27 00:00:00"), ("0 0 ? * SUN", "2026-11-22 00:00:00"), ("0 0 1 ? ?", "2026-12-01 00:00:00"),
    ("0 0 * * SAT-SUN", "2026-11-22 00:00:00"), ("0 0 * * 7", "2026-11-22 00:00:00"), ("0 0 * * 6-7", "2026-11-22 00:00:00"),
    ("0 0 * * 1-7/2", "2026-11-22 00:00:00"), ("0 12/6 * * *", "2026-11-21 12:00:00"),
    ("  5   4  *\t* * ", "2026-11-22 04:05:00"),
    ("15 30 8 21 NOV *", "2026-11-21 08:30:15"), ("30 8 21 11 *", "2026-11-21 08:30:00"),
    ("0 0 31 12 MON#1", "2026-12-07 00:00:00"),
    ("59 59 23 31 12 *", "2026-12-31 23:59:59"),
  ])
  func findsTheNextTime(pattern: String, expected: String) throws {
    #expect(try times(pattern, after: WallTime(2026, 11, 21, 8, 15, 30), 1) == [expected])
  }

  @Test func everyRareDayIsFoundAcrossCenturies() throws {
    // There was no 29 February in 1900, and there will be none in 2100.
    #expect(
      try times("0 0 29 2 *", after: WallTime(2093, 1, 1), 3) == [
        "2096-02-29 00:00:00", "2104-02-29 00:00:00", "2108-02-29 00:00:00",
      ])
    #expect(try times("0 0 * 2 1#5", after: WallTime(2080, 1, 1), 2) == ["2112-02-29 00:00:00", "2140-02-29 00:00:00"])
  }

  @Test func aFractionOfASecondIsPassed() throws {
    let schedule = try CronSchedule(parsing: "* * * * * *", zone: .utc)
    #expect(schedule.next(after: WallTime(microseconds: 1_999_999)) == WallTime(microseconds: 2_000_000))
    #expect(schedule.next(after: WallTime(microseconds: 2_000_000)) == WallTime(microseconds: 3_000_000))
    #expect(schedule.next(after: WallTime(microseconds: -1)) == WallTime(microseconds: 0))
  }

  @Test func theEndsOfTimeAreNoTrouble() throws {
    for pattern in ["* * * * * *", "0 0 29 2 *", "30 2 * * *", "@yearly"] {
      for zone in [TimeZoneRules.utc, Zones.berlin] {
        let schedule = try CronSchedule(parsing: pattern, zone: zone)
        #expect(schedule.next(after: WallTime(microseconds: .max)) == nil)
        #expect(schedule.next(after: WallTime(microseconds: .min)).map { $0 > WallTime(microseconds: .min) } != false)
      }
    }
  }

  @Test func aSkippedJobComesOnceRightAfterTheGap() throws {
    #expect(
      try times("30 2 * * *", Zones.berlin, after: WallTime(2026, 3, 27, 12), 3)
        == ["2026-03-28 02:30:00", "2026-03-29 03:00:00", "2026-03-30 02:30:00"])
    #expect(
      try times("*/10 2 * * *", Zones.berlin, after: WallTime(2026, 3, 28, 12), 2) == [
        "2026-03-29 03:00:00", "2026-03-30 02:00:00",
      ])
    #expect(
      try times("15 2 * * *", Zones.lordHowe, after: WallTime(2026, 10, 3, 0), 2) == [
        "2026-10-04 02:30:00", "2026-10-05 02:15:00",
      ])
    #expect(
      try times("30 2 * * *", Zones.newYork, after: WallTime(2026, 3, 7, 12), 2) == [
        "2026-03-08 03:00:00", "2026-03-09 02:30:00",
      ])
  }

  @Test func aRepeatedJobComesOnce() throws {
    let schedule = try CronSchedule(parsing: "30 2 * * *", zone: Zones.berlin)
    let first = WallTime(2026, 10, 25, 0, 30)
    #expect(schedule.next(after: WallTime(2026, 10, 24, 12)) == first)
    #expect(schedule.next(after: first) == WallTime(2026, 10, 26, 1, 30))
    // Also if asked in the middle of the repeated period.
    #expect(schedule.next(after: WallTime(2026, 10, 25, 1, 15)) == WallTime(2026, 10, 26, 1, 30))
    let seconds = try CronSchedule(parsing: "* * 2 * * *", zone: Zones.berlin)
    #expect(seconds.next(after: WallTime(2026, 10, 25, 1, 15)) == WallTime(2026, 10, 26, 1, 0))
  }

  @Test func everyTenMinutesKeepsElapsedTime() throws {
    for start in [WallTime(2026, 3, 28, 23), WallTime(2026, 10, 24, 23)] {
      let schedule = try CronSchedule(parsing: "*/10 * * * *", zone: Zones.berlin)
      let times = schedule.times(after: start, count: 40)
      #expect(zip(times, times.dropFirst()).allSatisfy { $1.seconds - $0.seconds == 600 })
    }
  }

  @Test func aSkippedDayComesOnceAfterIt() throws {
    // Samoa went from 29 to 31 December 2011.
    let file = TimeZoneFile(changes: [(WallTime(2011, 12, 30, 10).microseconds / 1_000_000, 1)], offsets: [-36_000, 50_400])
    let zone = try TimeZoneRules(name: "Samoa", tzif: file.bytes)
    #expect(
      try times("0 12 * * *", zone, after: WallTime(2011, 12, 29), 4)
        == ["2011-12-29 12:00:00", "2011-12-31 00:00:00", "2011-12-31 12:00:00", "2012-01-01 12:00:00"])
  }

  @Test func theNextRunIsCheapToFind() throws {
    let schedule = try CronSchedule(parsing: "0 0 * 2 MON#5", zone: Zones.berlin)
    let clock = ContinuousClock()
    let took = clock.measure { for day in 1...28 { _ = schedule.next(after: WallTime(2080, 1, day)) } }
    // 32 years ahead each time. Stepping through them would take minutes;
    // the bound allows for a busy machine and an unoptimized build.
    #expect(took < .seconds(1))
  }
}
