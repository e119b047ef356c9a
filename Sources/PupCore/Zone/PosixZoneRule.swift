internal import PupBasics

/// The rule at the end of a TZif file, in the notation of POSIX's TZ variable with RFC 9636's extension (hours −167 … 167):
/// "CET-1CEST,M3.5.0,M10.5.0/3".
struct PosixZoneRule: Hashable, Sendable {
  enum Day: Hashable, Sendable {
    /// 1 … 365; 29 February is never counted.
    case julian(Int)
    /// 0 … 365; 29 February is counted.
    case zeroBased(Int)
    /// `week` 5 is the last one; weekday 0 is Sunday.
    case weekday(month: Int, week: Int, weekday: Int)
  }

  struct Switch: Hashable, Sendable {
    var day: Day
    /// Seconds after local midnight.
    var time: Int
  }

  struct Daylight: Hashable, Sendable {
    var offset: Int
    var start: Switch
    var end: Switch
  }

  /// Seconds east of UTC.
  var standard: Int
  var daylight: Daylight?

  func offset(at utc: Int) -> Int {
    guard let daylight else { return standard }
    var latest = Int.min
    var offset = standard
    forEachSwitch(around: utc, daylight) { at, after in
      // If daylight time lasts the whole year, its end and its next start coincide; the start wins.
      guard at <= utc, at > latest || (at == latest && after == daylight.offset) else { return }
      (latest, offset) = (at, after)
    }
    return offset
  }

  func nextChange(after utc: Int) -> Int? {
    guard let daylight, daylight.offset != standard else { return nil }
    var from = utc
    // Two switches per year; those that change nothing (daylight time all year) are skipped.
    for _ in 0..<8 {
      var next = Int.max
      forEachSwitch(around: from, daylight) { at, _ in if at > from { next = min(next, at) } }
      if next == .max { return nil }
      if offset(at: next) != offset(at: next - 1) { return next }
      from = next
    }
    return nil
  }

  private func forEachSwitch(around utc: Int, _ daylight: Daylight, _ body: (Int, Int) -> Void) {
    let year = CivilDate(daysSinceEpoch: utc.flooredQuotient(by: 86_400)).year
    // An end may fall into the first days of the next year (RFC 9636 allows times of up to 167 hours).
    for year in year - 2...year + 1 {
      body(daylight.start.local(in: year) - standard, daylight.offset)
      body(daylight.end.local(in: year) - daylight.offset, standard)
    }
  }
}

extension PosixZoneRule.Switch {
  /// In seconds since 1970-01-01 00:00 on the local clock.
  func local(in year: Int) -> Int {
    let firstDay = CivilDate(year: year, month: 1, day: 1).daysSinceEpoch
    let day =
      switch day {
      case .julian(let number): firstDay + number - (CivilDate.isLeap(year) && number >= 60 ? 0 : 1)
      case .zeroBased(let number): firstDay + number
      case .weekday(let month, let week, let weekday): Self.day(weekday: weekday, week: week, month: month, year: year)
      }
    return day * 86_400 + time
  }

  private static func day(weekday: Int, week: Int, month: Int, year: Int) -> Int {
    let first = CivilDate(year: year, month: month, day: 1).daysSinceEpoch
    var day = (weekday - CivilDate.weekday(daysSinceEpoch: first)).flooredRemainder(by: 7) + (week - 1) * 7
    if day >= CivilDate.daysIn(month: month, of: year) { day -= 7 }
    return first + day
  }
}
