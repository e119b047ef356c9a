public import PupAPI

/// The name of an event together with the type of its payload: `client.on(.processStatusChanged) { change in … }`.
public struct EventKey<Payload: Sendable>: Sendable {
  /// As on the wire.
  public let name: EventName
  let extract: @Sendable (EventPayload) -> Payload?

  init(_ name: EventName, _ extract: @escaping @Sendable (EventPayload) -> Payload?) {
    self.name = name
    self.extract = extract
  }
}

/// The payload of `process_status_changed`.
public struct ProcessStatusChange: Hashable, Sendable {
  /// The id of the process that changed.
  public var processId: String { status.id }
  /// Nil when the process was created.
  public var old: APIProcessState?
  /// The new state.
  public var new: APIProcessState
  /// "running", "failed" …
  public var oldState: String? { old?.word }
  /// The new state.
  public var newState: String { new.word }
  /// The process's new status.
  public var status: ProcessInformation
}

/// The payload of `process_flag_changed`: a decision that changes no state.
public struct ProcessFlagChange: Hashable, Sendable {
  /// The id of the process it is about.
  public var processId: String { status.id }
  /// Whether it is blocked, so that it does not start until it is unblocked.
  public var blocked: Bool { status.blocked }
  /// Whether it was stopped manually, so that it stays stopped until it is started.
  public var held: Bool
  /// Who made the decision.
  public var by: String
  /// The process's new status.
  public var status: ProcessInformation
}

/// The payload of `process_scheduled` and `process_scheduled_terminate`.
public struct ProcessSchedule: Hashable, Sendable {
  /// When it is due.
  public var next: ISODate
  /// The process's new status.
  public var status: ProcessInformation
}

/// The payload of `process_watch`.
public struct ProcessWatch: Hashable, Sendable {
  /// When the change was detected.
  public var at: ISODate
  /// What changed.
  public var path: String
  /// The process's new status.
  public var status: ProcessInformation
}

extension EventKey where Payload == LogItem {
  /// A log line.
  public static var log: Self { Self(.log) { if case .log(let item) = $0 { item } else { nil } } }
}

extension EventKey where Payload == Void {
  /// The supervisor has started.
  public static var initialized: Self { Self(.initialized) { $0 == .initialized ? () : nil } }
  /// Sent every second.
  public static var watchdog: Self { Self(.watchdog) { $0 == .watchdog ? () : nil } }
}

extension EventKey where Payload == ApplicationState {
  /// Sent every second.
  public static var applicationState: Self {
    Self(.applicationState) { if case .applicationState(let state) = $0 { state } else { nil } }
  }
}

extension EventKey where Payload == ProcessStatusChange {
  /// A process changed its state.
  public static var processStatusChanged: Self {
    Self(.processStatusChanged) {
      guard case .processStatusChanged(let old, let new, let status) = $0 else { return nil }
      return ProcessStatusChange(old: old, new: new, status: status)
    }
  }
}

extension EventKey where Payload == ProcessFlagChange {
  /// A process was blocked or unblocked, or is kept stopped, without a change of its state.
  public static var processFlagChanged: Self {
    Self(.processFlagChanged) {
      guard case .processFlagChanged(let held, let actor, let status) = $0 else { return nil }
      return ProcessFlagChange(held: held, by: actor, status: status)
    }
  }
}

extension EventKey where Payload == ProcessSchedule {
  /// A start by cron has been scheduled.
  public static var processScheduled: Self {
    Self(.processScheduled) {
      guard case .processScheduled(let next, let status) = $0 else { return nil }
      return ProcessSchedule(next: next, status: status)
    }
  }
  /// A termination by cron has been scheduled.
  public static var processScheduledTerminate: Self {
    Self(.processScheduledTerminate) {
      guard case .processScheduledTerminate(let next, let status) = $0 else { return nil }
      return ProcessSchedule(next: next, status: status)
    }
  }
}

extension EventKey where Payload == ProcessWatch {
  /// A watched file changed.
  public static var processWatch: Self {
    Self(.processWatch) {
      guard case .processWatch(let at, let path, let status) = $0 else { return nil }
      return ProcessWatch(at: at, path: path, status: status)
    }
  }
}

extension EventKey where Payload == ProcessTelemetry {
  /// A program sent a report about itself.
  public static var processTelemetry: Self {
    Self(.processTelemetry) { if case .processTelemetry(let telemetry) = $0 { telemetry } else { nil } }
  }
}

extension EventKey where Payload == Int64 {
  /// The remaining milliseconds.
  public static var terminating: Self {
    Self(.terminating) { if case .terminating(let milliseconds) = $0 { milliseconds } else { nil } }
  }
}

extension EventKey where Payload == IPCMessage {
  /// A program sent a message to another program.
  public static var ipc: Self { Self(.ipc) { if case .ipc(let message) = $0 { message } else { nil } } }
}
