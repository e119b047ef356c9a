internal import PupEvents
internal import PupLogs
internal import PupSystem
internal import PupWeb

/// Lines about requests: what changed something, and what was refused. In the log only: not on the console, and on streams only
/// for those who name the category.
extension Daemon {
  func logAccess(_ record: AccessRecord) {
    for line in accessLog.lines(for: record.text, at: loop.now) {
      var entry = LogEntry(.info, EventFilter.accessCategory, line)
      entry.isForConsole = false
      pump?.write(entry)
    }
  }
}
