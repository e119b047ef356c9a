/// A moment split into the numbers that people write, in UTC and the Gregorian calendar. Years 1970 to 9999.
struct CalendarFields: Equatable {
  var year: Int
  var month: Int
  var day: Int
  var hour: Int
  var minute: Int
  var second: Int
  var microsecond: Int

  /// Moments before 1970 and after 9999 are moved to the nearest one that can be written.
  init(_ time: LogTime) {
    let clamped = min(max(time.microseconds, 0), LogTime.latest)
    let (seconds, micros) = clamped.quotientAndRemainder(dividingBy: 1_000_000)
    let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
    // Days are counted from 1 March of year 0, so that the leap day is the last of its year; an era is 400 years of 146 097 days.
    let shifted = Int(days) + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = Int(rest / 3_600)
    minute = Int(rest % 3_600 / 60)
    second = Int(rest % 60)
    microsecond = Int(micros)
  }

  init(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, microsecond: Int) {
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second, self.microsecond) = (hour, minute, second, microsecond)
  }

  /// Nil when a number is out of its range (30 February, 25 o'clock, a leap second).
  var time: LogTime? {
    guard (1970...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else {
      return nil
    }
    guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { return nil }
    guard (0..<1_000_000).contains(microsecond) else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
    return LogTime(microseconds: Int64(seconds) * 1_000_000 + Int64(microsecond))
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
