internal import PupEvents
internal import PupLogs
internal import PupSystem
internal import PupWeb

/// Lines about requests: what changed something, and what was refused. In the log only: not on the console, and on streams only
/// for those who name the category. Belongs to the control loop.
final class AccessLogWriter {
  private let loop: EventLoop
  private let logs: BrainLogs
  private var lines = AccessLines()

  init(on loop: EventLoop, _ logs: BrainLogs) { (self.loop, self.logs) = (loop, logs) }

  func write(_ record: AccessRecord) {
    for line in lines.lines(for: record.text, at: loop.now) {
      var entry = LogEntry(.info, EventFilter.accessCategory, line)
      entry.isForConsole = false
      logs.pump?.write(entry)
    }
  }
}
