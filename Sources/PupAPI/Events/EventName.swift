/// The kinds of events, named as on the wire.
public enum EventName: String, Hashable, Sendable, CaseIterable {
  case log
  /// The supervisor has started; no payload.
  case initialized = "init"
  /// Each second; no payload.
  case watchdog
  /// `ApplicationState`, each second.
  case applicationState = "application_state"
  case processStatusChanged = "process_status_changed"
  case processScheduled = "process_scheduled"
  case processScheduledTerminate = "process_scheduled_terminate"
  case processWatch = "process_watch"
  case processTelemetry = "process_telemetry"
  /// Milliseconds that are left; a number.
  case terminating
  case ipc

  /// True for what is told to whoever listens and never again: no sequence number, no replay.
  public var isLiveOnly: Bool { self == .watchdog || self == .applicationState }
}
