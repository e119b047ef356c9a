/// The kinds of events, named as on the wire.
public enum EventName: String, Hashable, Sendable, CaseIterable {
  /// `LogItem`.
  case log
  /// The supervisor has started; no payload.
  case initialized = "init"
  /// Each second; no payload.
  case watchdog
  /// `ApplicationState`, each second.
  case applicationState = "application_state"
  /// The states before and after, and the process.
  case processStatusChanged = "process_status_changed"
  /// The next start by cron, and the process.
  case processScheduled = "process_scheduled"
  /// The next end by cron, and the process.
  case processScheduledTerminate = "process_scheduled_terminate"
  /// When and what changed, and the process.
  case processWatch = "process_watch"
  /// `ProcessTelemetry`.
  case processTelemetry = "process_telemetry"
  /// Milliseconds that are left; a number.
  case terminating
  /// `IPCMessage`.
  case ipc

  /// True for what is told to whoever listens and never again: no sequence number, no replay.
  public var isLiveOnly: Bool { self == .watchdog || self == .applicationState }
}
