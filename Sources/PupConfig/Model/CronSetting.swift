package import PupCore

/// A schedule with the pattern it was parsed from, which is what people recognize.
package struct CronSetting: Hashable, Sendable {
  package var pattern: String
  package var schedule: CronSchedule

  package init(pattern: String, schedule: CronSchedule) {
    self.pattern = pattern
    self.schedule = schedule
  }
}
