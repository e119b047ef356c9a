internal import PupCore
internal import PupLogs
internal import PupSystem
internal import PupWeb

/// Lines about requests: what changed something, and what was refused.
extension Daemon {
  /// More requests in one second are counted, not told one by one.
  private static let accessLinesPerSecond = 50

  func logAccess(_ record: AccessRecord) {
    let second = Clock.boot / 1_000_000_000
    if second != accessSecond {
      if accessCount > Self.accessLinesPerSecond {
        log(.info, "access", "\(accessCount - Self.accessLinesPerSecond) more requests in that second")
      }
      (accessSecond, accessCount) = (second, 0)
    }
    accessCount += 1
    if accessCount <= Self.accessLinesPerSecond { log(.info, "access", record.text) }
  }
}
