internal import PupBasics

/// The days denoted by a pattern's day-of-month, month and day-of-week columns.
struct CronDays: Hashable, Sendable {
  /// Bit n: month n.
  var months: UInt16 = 0
  /// Bit n: day n of the month.
  var days: UInt32 = 0
  /// `L`
  var lastDay = false
  /// `LW`
  var lastWeekday = false
  /// Bit n: `nW`, the weekday nearest to day n, in the same month.
  var nearestWeekday: UInt32 = 0
  /// Bit n: weekday n (0 is Sunday).
  var weekdays: UInt8 = 0
  /// Bit `8 * k + n`: `n#k`, the k-th weekday n of the month.
  var numberedWeekdays: UInt64 = 0
  /// Bit n: `nL`, the last weekday n of the month.
  var lastWeekdays: UInt8 = 0
  /// Both columns are restricted: a day that matches either of them matches.
  var anyDay = false
  var anyWeekday = false

  func contains(month: Int) -> Bool { months & 1 << UInt16(month) != 0 }

  /// Bit n: day n matches.
  func matches(year: Int, month: Int) -> UInt32 {
    let length = CivilDate.daysIn(month: month, of: year)
    let valid = UInt32.max >> UInt32(31 - length) & ~1
    if anyDay, anyWeekday { return valid }
    let first = CivilDate.weekday(daysSinceEpoch: CivilDate(year: year, month: month, day: 1).daysSinceEpoch)
    var matching: UInt32 = 0
    if !anyDay { matching |= matchesByDay(length: length, first: first) }
    if !anyWeekday { matching |= matchesByWeekday(length: length, first: first) }
    return matching & valid
  }

  private func matchesByDay(length: Int, first: Int) -> UInt32 {
    var matching = days
    if lastDay { matching |= 1 << UInt32(length) }
    if lastWeekday { matching |= 1 << UInt32(nearest(to: length, length: length, first: first)) }
    for day in 1...length where nearestWeekday & 1 << UInt32(day) != 0 {
      matching |= 1 << UInt32(nearest(to: day, length: length, first: first))
    }
    return matching
  }

  private func nearest(to day: Int, length: Int, first: Int) -> Int {
    switch (first + day - 1) % 7 {
    case 6: day > 1 ? day - 1 : day + 2
    case 0: day < length ? day + 1 : day - 2
    default: day
    }
  }

  private func matchesByWeekday(length: Int, first: Int) -> UInt32 {
    var matching: UInt32 = 0
    for weekday in 0...6 {
      let earliest = 1 + (weekday - first + 7) % 7
      let bit = UInt8(1) << UInt8(weekday)
      if weekdays & bit != 0 { for day in stride(from: earliest, through: length, by: 7) { matching |= 1 << UInt32(day) } }
      for number in 1...5 where numberedWeekdays & 1 << UInt64(8 * number + weekday) != 0 {
        let day = earliest + (number - 1) * 7
        if day <= length { matching |= 1 << UInt32(day) }
      }
      if lastWeekdays & bit != 0 { matching |= 1 << UInt32(earliest + (length - earliest) / 7 * 7) }
    }
    return matching
  }
}
