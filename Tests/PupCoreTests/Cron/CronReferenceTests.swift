import PupCore
import PupTestSupport
import Testing

/// Compares the jumps with the obvious method of checking every second.
@Suite struct CronReferenceTests {
  @Test(arguments: 1...120)
  func jumpsFindWhatStepsFind(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let pattern = RandomPattern(&generator)
    guard let schedule = try? CronSchedule(parsing: pattern.text, zone: .utc) else {
      // Refused as impossible: no day in a full cycle of the calendar may match.
      #expect(!(0..<146_097).contains { pattern.matches(day: $0) }, "\(pattern.text)")
      return
    }
    let start = WallTime(2020 + seed % 8, 1 + seed % 12, 1 + seed % 28, seed % 24, seed % 60, 30)
    var second = start.seconds
    for next in schedule.times(after: start, count: 3) {
      second += 1
      while !pattern.matches(local: second) {
        // The seconds of days without a match need not be checked.
        let day = second / 86_400
        second = pattern.matches(day: day) ? second + 1 : (day + 1) * 86_400
      }
      #expect(next.seconds == second, "\(pattern.text)")
    }
  }

  static let changes: [(TimeZoneRules, WallTime)] = [
    (Zones.berlin, WallTime(2026, 3, 28)), (Zones.berlin, WallTime(2026, 10, 24)), (Zones.newYork, WallTime(2026, 3, 7)),
    (Zones.newYork, WallTime(2026, 10, 31)), (Zones.lordHowe, WallTime(2026, 4, 3)), (Zones.lordHowe, WallTime(2026, 10, 2)),
    (Zones.kathmandu, WallTime(2026, 3, 28)), (Zones.auckland, WallTime(2026, 4, 3)), (Zones.auckland, WallTime(2026, 9, 25)),
    // Clocks that change at midnight: the repeated period belongs to the previous day.
    (Zones.rule("Beirut", "EET-2EEST,M3.5.0/0,M10.5.0/0"), WallTime(2026, 3, 27)),
    (Zones.rule("Beirut", "EET-2EEST,M3.5.0/0,M10.5.0/0"), WallTime(2026, 10, 23)),
  ]

  /// A pattern for every hour follows elapsed time: it fires at each minute whose local time matches.
  @Test(arguments: changes, 1...8)
  func everyHourCountsElapsedTime(change: (TimeZoneRules, WallTime), seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed) &* 7919)
    let pattern = RandomPattern(&generator, everyHour: true).atFullMinutes
    guard let schedule = try? CronSchedule(parsing: pattern.text, zone: change.0) else { return }
    var next = schedule.next(after: change.1)
    let start = change.1.seconds
    for second in stride(from: start + 60, through: start + 3 * 86_400, by: 60)
    where pattern.matches(local: second + change.0.offset(at: second)) {
      guard next?.seconds == second else {
        Issue.record("\(pattern.text) in \(change.0.name): \(next?.text() ?? "never") instead of \(second)")
        return
      }
      next = next.flatMap(schedule.next)
    }
    #expect(next.map { $0.seconds > start + 3 * 86_400 } ?? true)
  }

  /// A pattern that names hours follows the clock: a skipped time fires
  /// once after the gap, a repeated one fires the first time only.
  @Test(arguments: changes, 1...8)
  func namedHoursMeanTheClock(change: (TimeZoneRules, WallTime), seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed) &* 104_729)
    let pattern = RandomPattern(&generator, everyHour: false).atFullMinutes
    let zone = change.0
    guard let schedule = try? CronSchedule(parsing: pattern.text, zone: zone) else { return }
    var next = schedule.next(after: change.1)
    let start = change.1.seconds
    var seen = start + zone.offset(at: start)
    for second in stride(from: start + 60, through: start + 3 * 86_400, by: 60) {
      let local = second + zone.offset(at: second)
      // Every local minute that the clock shows or skips for the first time.
      let isDue = stride(from: seen + 60, through: local, by: 60).contains { pattern.matches(local: $0) }
      seen = max(seen, local)
      guard isDue else { continue }
      guard next?.seconds == second else {
        Issue.record("\(pattern.text) in \(zone.name): \(next?.text(zone) ?? "never") instead of \(second)")
        return
      }
      next = next.flatMap(schedule.next)
    }
    #expect(next.map { $0.seconds > start + 3 * 86_400 } ?? true)
  }
}
