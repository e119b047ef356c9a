internal import PupAPI

extension EventPayload {
  /// Nil for a kind that is not known.
  /// - Throws: `PupError` that names the field.
  init?(_ name: EventName, reading json: JSONValue) throws(PupError) {
    switch name {
    case .log: self = .log(try LogItem(json: json))
    case .initialized: self = .initialized
    case .watchdog: self = .watchdog
    case .applicationState: self = .applicationState(try ApplicationState(reading: json))
    case .processStatusChanged:
      let fields = try JSONFields(json)
      guard let new = try Self.state(fields, "new") else { throw fields.wrong("new", "a known state") }
      self = .processStatusChanged(
        old: try Self.state(fields, "old"), new: new, status: try ProcessInformation(json: try fields.required("status")))
    case .processFlagChanged:
      let fields = try JSONFields(json)
      self = .processFlagChanged(
        held: try fields.optionalBool("held") ?? false, by: try fields.optionalString("by") ?? "",
        status: try ProcessInformation(json: try fields.required("status")))
    case .processScheduled, .processScheduledTerminate:
      let fields = try JSONFields(json)
      let next = try fields.date("next")
      let status = try ProcessInformation(json: try fields.required("status"))
      self =
        name == .processScheduled
        ? .processScheduled(next: next, status: status) : .processScheduledTerminate(next: next, status: status)
    case .processWatch:
      let fields = try JSONFields(json)
      self = .processWatch(
        at: try fields.date("at"), path: try fields.optionalString("path") ?? "",
        status: try ProcessInformation(json: try fields.required("status")))
    case .processTelemetry: self = .processTelemetry(try ProcessTelemetry(json: json))
    case .terminating:
      guard let milliseconds = json.integerValue else { throw PupError(.invalidBody, "the time left must be a whole number") }
      self = .terminating(milliseconds: milliseconds)
    case .ipc: self = .ipc(try IPCMessage(json: json))
    default: return nil
    }
  }

  private static func state(_ fields: JSONFields, _ name: String) throws(PupError) -> APIProcessState? {
    guard let number = try fields.optionalInteger(name) else { return nil }
    guard let state = APIProcessState(rawValue: Int32(clamping: number)) else { throw fields.wrong(name, "a known state") }
    return state
  }
}
