/// A cron pattern bound to a time zone.
package struct CronSchedule: Hashable, Sendable {
  /// As written.
  package let pattern: String
  package let zone: TimeZoneRules

  package init(parsing pattern: String, zone: TimeZoneRules?) throws(CronError) {
    guard let zone else {
      throw CronError(position: 0, problem: "no time-zone data", remedy: "install tzdata or set `cronTimezone` to \"UTC\"")
    }
    self.pattern = pattern
    self.zone = zone
  }

  package func next(after time: WallTime) -> WallTime? { nil }
}
