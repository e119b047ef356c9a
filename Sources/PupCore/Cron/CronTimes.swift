/// The times of day denoted by a pattern's second, minute and hour columns. Each set has at least one member.
struct CronTimes: Hashable, Sendable {
  /// Bit n: second n.
  var seconds: UInt64 = 1
  var minutes: UInt64 = 0
  var hours: UInt32 = 0

  /// Such a pattern follows elapsed time; any other pattern refers to clock time.
  var isEveryHour: Bool { hours == 0xFF_FFFF }

  var first: Int { hours.trailingZeroBitCount * 3600 + minutes.trailingZeroBitCount * 60 + seconds.trailingZeroBitCount }

  /// In seconds after midnight.
  func next(atOrAfter time: Int) -> Int? {
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
    if hours & 1 << UInt32(hour) != 0 {
      if minutes & 1 << UInt64(minute) != 0, let second = Self.bit(in: seconds, from: second) {
        return hour * 3600 + minute * 60 + second
      }
      if let minute = Self.bit(in: minutes, from: minute + 1) {
        return hour * 3600 + minute * 60 + seconds.trailingZeroBitCount
      }
    }
    guard let hour = Self.bit(in: UInt64(hours), from: hour + 1) else { return nil }
    return hour * 3600 + minutes.trailingZeroBitCount * 60 + seconds.trailingZeroBitCount
  }

  private static func bit(in set: UInt64, from number: Int) -> Int? {
    let rest = set & (UInt64.max << UInt64(number))
    return rest == 0 ? nil : rest.trailingZeroBitCount
  }
}
