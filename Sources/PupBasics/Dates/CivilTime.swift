/// A moment split into calendar and clock components, in UTC and the Gregorian calendar.
package struct CivilTime: Hashable, Sendable {
  package var date: CivilDate
  package var hour: Int
  package var minute: Int
  package var second: Int
  package var microsecond: Int

  package init(date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0) {
    self.date = date
    (self.hour, self.minute, self.second, self.microsecond) = (hour, minute, second, microsecond)
  }

  /// - Parameter microseconds: since 1970-01-01 UTC.
  @inline(__always)
  package init(microseconds: Int64) {
    let seconds = Int(microseconds).flooredQuotient(by: 1_000_000)
    let days = seconds.flooredQuotient(by: 86_400)
    let rest = seconds - days * 86_400
    self.init(
      date: CivilDate(daysSinceEpoch: days), hour: rest / 3_600, minute: rest / 60 % 60, second: rest % 60,
      microsecond: Int(microseconds).flooredRemainder(by: 1_000_000))
  }

  /// Since 1970-01-01 UTC. Nil if a component is out of range (30 February, 25 o'clock, a leap second, a year of five digits).
  package var microseconds: Int64? {
    guard date.isValid, (-9999...9999).contains(date.year), (0..<24).contains(hour), (0..<60).contains(minute),
      (0..<60).contains(second), (0..<1_000_000).contains(microsecond)
    else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
    return Int64(seconds) * 1_000_000 + Int64(microsecond)
  }
}
