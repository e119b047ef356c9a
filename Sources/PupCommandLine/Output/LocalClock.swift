internal import Glibc
internal import PupLogs

/// Times of day in the machine's own zone: `17:25:24`, and `2026-11-20 17:25:24` for another day than today.
struct LocalClock {
  private let today: (year: Int32, day: Int32)
  /// Lines of one second share its text.
  private var second = Int64.min
  private var shown = ""

  init(today: LogTime) {
    let fields = Self.fields(today.microseconds / 1_000_000)
    self.today = (fields.tm_year, fields.tm_yday)
  }

  mutating func text(_ time: LogTime) -> String {
    let now = time.microseconds / 1_000_000
    guard now != second else { return shown }
    second = now
    let fields = Self.fields(now)
    shown = "\(Self.two(fields.tm_hour)):\(Self.two(fields.tm_min)):\(Self.two(fields.tm_sec))"
    if (fields.tm_year, fields.tm_yday) != today {
      shown = "\(fields.tm_year + 1900)-\(Self.two(fields.tm_mon + 1))-\(Self.two(fields.tm_mday)) " + shown
    }
    return shown
  }

  private static func fields(_ second: Int64) -> tm {
    var (time, fields) = (time_t(second), tm())
    localtime_r(&time, &fields)
    return fields
  }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
}
