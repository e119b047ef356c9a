/// The content of an event.
public enum EventPayload: Hashable, Sendable {
  /// A log line.
  case log(LogItem)
  /// The supervisor has started.
  case initialized
  /// The supervisor is alive; sent every second.
  case watchdog
  /// The state of the supervisor and its machine; sent every second.
  case applicationState(ApplicationState)
  /// `old` is nil when the process was created.
  case processStatusChanged(old: APIProcessState?, new: APIProcessState, status: ProcessInformation)
  /// A decision by `by` that does not change the state: blocked, unblocked, or kept stopped while nothing was running.
  case processFlagChanged(held: Bool, by: String, status: ProcessInformation)
  /// A start by cron has been scheduled.
  case processScheduled(next: ISODate, status: ProcessInformation)
  /// A termination by cron has been scheduled.
  case processScheduledTerminate(next: ISODate, status: ProcessInformation)
  /// A watched file changed.
  case processWatch(at: ISODate, path: String, status: ProcessInformation)
  /// A program sent a report about itself.
  case processTelemetry(ProcessTelemetry)
  /// Everything is being stopped; at most this much time is left.
  case terminating(milliseconds: Int64)
  /// A message between programs.
  case ipc(IPCMessage)

  /// The kind of event, with its name on the wire.
  public var name: EventName {
    switch self {
    case .log: .log
    case .initialized: .initialized
    case .watchdog: .watchdog
    case .applicationState: .applicationState
    case .processStatusChanged: .processStatusChanged
    case .processFlagChanged: .processFlagChanged
    case .processScheduled: .processScheduled
    case .processScheduledTerminate: .processScheduledTerminate
    case .processWatch: .processWatch
    case .processTelemetry: .processTelemetry
    case .terminating: .terminating
    case .ipc: .ipc
    }
  }

  /// The process that the event is about; nil if it is not about a process.
  public var processId: String? {
    switch self {
    case .log(let item): item.processId
    case .processStatusChanged(_, _, let status), .processFlagChanged(_, _, let status), .processScheduled(_, let status),
      .processScheduledTerminate(_, let status), .processWatch(_, _, let status):
      status.id
    case .processTelemetry(let telemetry): telemetry.sender
    case .initialized, .watchdog, .applicationState, .terminating, .ipc: nil
    }
  }
}

extension EventPayload: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .log(let item): writer.value(item)
    case .initialized, .watchdog: writer.object { _ in }
    case .applicationState(let state): writer.value(state)
    case .processStatusChanged(let old, let new, let status):
      writer.object {
        $0.name("old")
        if let old { $0.value(old) } else { $0.null() }
        $0.member("new", new)
        $0.member("status", status)
        // The original's plugins read these.
        $0.member("processId", status.id)
        $0.name("oldState")
        if let old { $0.value(old.word) } else { $0.null() }
        $0.member("newState", new.word)
      }
    case .processFlagChanged(let held, let actor, let status):
      writer.object {
        $0.member("processId", status.id)
        $0.member("blocked", status.blocked)
        $0.member("held", held)
        $0.member("by", actor)
        $0.member("status", status)
      }
    case .processScheduled(let next, let status), .processScheduledTerminate(let next, let status):
      writer.object {
        $0.member("next", next)
        $0.member("status", status)
      }
    case .processWatch(let at, let path, let status):
      writer.object {
        $0.member("at", at)
        $0.member("path", path)
        $0.member("status", status)
      }
    case .processTelemetry(let telemetry): writer.value(telemetry)
    case .terminating(let milliseconds): writer.value(milliseconds)
    case .ipc(let message): writer.value(message)
    }
  }
}
