package import PupCore

/// A schedule with the pattern that it was read from, which is what people recognise.
package struct CronSetting: Hashable, Sendable {
  package var pattern: String
  package var schedule: CronSchedule

  package init(pattern: String, schedule: CronSchedule) {
    self.pattern = pattern
    self.schedule = schedule
  }
}
