internal import PupLogs
internal import Synchronization

/// The way to the pump for what comes on the log loop, from before there is one.
final class PumpRelay: Sendable {
  private let current = Mutex<LogPump?>(nil)

  var pump: LogPump? {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }
}
