/// The kind of an event, with its name on the wire. Pup's own kinds are
/// constants; a later version of Pup, or a plugin, may send others.
public struct EventName: Hashable, Sendable {
  /// "log", "process_status_changed" …
  public let rawValue: String
  /// The position among the known kinds, starting at 1, or 0 for an unknown kind. Kinds are compared for each event and each
  /// reader, and comparing numbers is cheaper than comparing text.
  private let number: UInt8

  /// The kind with this name, known or not.
  public init(rawValue: String) {
    self.rawValue = rawValue
    number = Self.words.firstIndex(of: rawValue).map { UInt8($0 + 1) } ?? 0
  }

  /// True for equal names.
  public static func == (one: Self, other: Self) -> Bool {
    one.number == other.number && (one.number != 0 || one.rawValue == other.rawValue)
  }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(number)
    if number == 0 { hasher.combine(rawValue) }
  }

  /// `LogItem`.
  public static let log = EventName(rawValue: "log")
  /// The supervisor has started; no payload.
  public static let initialized = EventName(rawValue: "init")
  /// Each second; no payload.
  public static let watchdog = EventName(rawValue: "watchdog")
  /// `ApplicationState`, each second.
  public static let applicationState = EventName(rawValue: "application_state")
  /// The states before and after, and the process.
  public static let processStatusChanged = EventName(rawValue: "process_status_changed")
  /// An operator has blocked or unblocked the process, or keeps it stopped, without a change of its state.
  public static let processFlagChanged = EventName(rawValue: "process_flag_changed")
  /// The next start by cron, and the process.
  public static let processScheduled = EventName(rawValue: "process_scheduled")
  /// The next termination by cron, and the process.
  public static let processScheduledTerminate = EventName(rawValue: "process_scheduled_terminate")
  /// When and what changed, and the process.
  public static let processWatch = EventName(rawValue: "process_watch")
  /// `ProcessTelemetry`.
  public static let processTelemetry = EventName(rawValue: "process_telemetry")
  /// The remaining time in milliseconds, a number.
  public static let terminating = EventName(rawValue: "terminating")
  /// `IPCMessage`.
  public static let ipc = EventName(rawValue: "ipc")

  private static let words = [
    "log", "init", "watchdog", "application_state", "process_status_changed", "process_flag_changed", "process_scheduled",
    "process_scheduled_terminate", "process_watch", "process_telemetry", "terminating", "ipc",
  ]

  /// All kinds that Pup sends, in a fixed order.
  public static let known = words.map(EventName.init(rawValue:))

  /// Whether Pup sends this kind.
  public var isKnown: Bool { number != 0 }

  /// True for events that only reach current listeners: they have no sequence number and are not replayed.
  public var isLiveOnly: Bool { self == .watchdog || self == .applicationState }
}
