import Glibc
import PupBasics
import PupCore

/// Zones defined by rules alone, so that tests do not depend on the machine.
enum Zones {
  static let berlin = rule("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3")
  static let newYork = rule("America/New_York", "EST5EDT,M3.2.0,M11.1.0")
  static let lordHowe = rule("Australia/Lord_Howe", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")
  static let kathmandu = rule("Asia/Kathmandu", "<+0545>-5:45")
  static let auckland = rule("Pacific/Auckland", "NZST-12NZDT,M9.5.0,M4.1.0/3")

  static func rule(_ name: String, _ text: String) -> TimeZoneRules { (try? TimeZoneRules(name: name, posixRule: text)) ?? .utc }

  /// Nil if the machine has no such file.
  static func file(_ name: String) -> [UInt8]? {
    guard let stream = fopen("/usr/share/zoneinfo/\(name)", "r") else { return nil }
    defer { fclose(stream) }
    var bytes: [UInt8] = []
    while true {
      let byte = getc(stream)
      guard byte != EOF else { return bytes }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
  }
}

extension WallTime {
  /// UTC.
  init(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0) {
    let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
    self.init(microseconds: Int64(days * 86_400 + hour * 3600 + minute * 60 + second) * 1_000_000)
  }

  var seconds: Int { Int(microseconds / 1_000_000) }

  /// "2026-03-29 01:00:00" on the clock of `zone`.
  func text(_ zone: TimeZoneRules = .utc) -> String {
    let local = seconds + zone.offset(at: seconds)
    let days = local.flooredQuotient(by: 86_400)
    let date = CivilDate(daysSinceEpoch: days)
    let time = local - days * 86_400
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(two(date.month))-\(two(date.day)) \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60))"
  }
}

extension CronSchedule {
  func times(after start: WallTime, count: Int) -> [WallTime] {
    var times: [WallTime] = []
    var time = start
    while times.count < count, let next = next(after: time) {
      times.append(next)
      time = next
    }
    return times
  }
}
