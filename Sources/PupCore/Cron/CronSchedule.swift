internal import PupBasics

/// A cron pattern bound to a time zone: 5 or 6 columns (seconds first), or a nickname such as `@daily`. When the clocks change, a
/// pattern that names hours refers to clock time: a time that is skipped fires once, right after the gap; one that is repeated
/// fires the first time only. A pattern for every hour follows elapsed time instead.
package struct CronSchedule: Hashable, Sendable {
  /// As written.
  package let pattern: String
  package let zone: TimeZoneRules
  let times: CronTimes
  let days: CronDays

  /// Throws what is wrong, where, and how to fix it; also if the pattern never matches, or if `zone` is nil: without the
  /// zone's rules, three o'clock is undefined.
  package init(parsing pattern: String, zone: TimeZoneRules?) throws(CronError) {
    var parser = try CronParser(pattern)
    (times, days) = try parser.parse()
    guard let zone else {
      throw CronError(
        position: 0, problem: "the machine has no time-zone data for this pattern",
        remedy: "install the package tzdata, or set `cronTimezone` to \"UTC\"")
    }
    self.pattern = pattern
    self.zone = zone
  }

  /// The first time that matches after `time`; nil only beyond what `WallTime` can hold.
  package func next(after time: WallTime) -> WallTime? {
    let second = Int(time.microseconds).flooredQuotient(by: 1_000_000)
    guard let next = times.isEveryHour ? nextElapsed(after: second) : nextOnClock(after: second) else { return nil }
    let (microseconds, overflow) = next.multipliedReportingOverflow(by: 1_000_000)
    return overflow ? nil : WallTime(microseconds: Int64(microseconds))
  }

  private static let day = 86_400

  /// Steps through local times in order and maps each to an instant.
  private func nextOnClock(after second: Int) -> Int? {
    var local = second + zone.offset(at: second) + 1
    // Two rounds are the maximum: the second one leaves the repeated period in which the first one began.
    for _ in 0..<4 {
      guard let candidate = Self.nextLocal(atOrAfter: local, times, days) else { return nil }
      let (instant, following) =
        switch zone.resolve(local: candidate) {
        case .once(let instant): (instant, candidate + 1)
        case .skipped(let gapEnds): (gapEnds, candidate + 1)
        case .repeated(let first, _, let until): (first, until)
        }
      if instant > second { return instant }
      local = following
    }
    return nil
  }

  /// Searches periods of constant offset in order, each by its own local times.
  private func nextElapsed(after second: Int) -> Int? {
    var start = second + 1
    for _ in 0..<64 {
      let offset = zone.offset(at: start)
      let end = zone.nextChange(after: start) ?? .max
      guard let local = Self.nextLocal(atOrAfter: start + offset, times, days) else { return nil }
      let candidate = local - offset
      if candidate < end { return candidate }
      // A change can only repeat local times of its own day. No day between here and two days before the candidate matches, so
      // changes in that period can be skipped; those close to the start cannot.
      start = end > start + 2 * Self.day ? max(end, candidate - 2 * Self.day) : end
    }
    return nil
  }

  /// The first matching local second at or after `local`, found by
  /// jumping from column to column. The calendar repeats after 400 years.
  static func nextLocal(atOrAfter local: Int, _ times: CronTimes, _ days: CronDays) -> Int? {
    let dayNumber = local.flooredQuotient(by: day)
    let date = CivilDate(daysSinceEpoch: dayNumber)
    var (year, month) = (date.year, date.month)
    var rest = UInt32.max << UInt32(date.day)
    if days.contains(month: month), days.matches(year: year, month: month) & 1 << UInt32(date.day) != 0,
      let time = times.next(atOrAfter: local - dayNumber * day)
    {
      return dayNumber * day + time
    }
    // `<<` by 32 gives 0, which is right after the 31st.
    rest <<= 1
    for _ in 0...4800 {
      if days.contains(month: month) {
        let matching = days.matches(year: year, month: month) & rest
        if matching != 0 {
          return CivilDate(year: year, month: month, day: matching.trailingZeroBitCount).daysSinceEpoch * day + times.first
        }
      }
      rest = .max
      (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
    }
    return nil
  }
}
