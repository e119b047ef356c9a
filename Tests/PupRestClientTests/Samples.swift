import PupAPI

@testable import PupRestClient

enum Samples {
  static let date = ISODate(milliseconds: 1_795_000_000_123)

  static func information(_ id: String = "web") -> ProcessInformation {
    var information = ProcessInformation(id: id, status: .running, updated: date, type: .worker)
    information.pid = 17
    information.started = date
    information.explanation = "it runs"
    return information
  }

  static var state: ApplicationState {
    var state = ApplicationState(pid: 1, version: "1", started: date, updated: date)
    state.systemMemory.total = 1 << 40
    state.loadAverage = [0.5, 1, 2.25]
    state.osRelease = "6.1"
    state.processes = [information(), information("b")]
    state.port = 49_152
    return state
  }

  static let telemetry = ProcessTelemetry(
    sender: "web", memory: .init(external: 1, heapTotal: 2, heapUsed: 3, rss: 4), sent: "now", cwd: "/srv")

  static let log = LogItem(severity: .warn, category: "stderr", text: "ä\n\"x\"", processId: "web", timeStamp: 1_795_000_000_123)

  static let payloads: [EventPayload] = [
    .log(log), .initialized, .watchdog, .applicationState(state),
    .processStatusChanged(old: nil, new: .created, status: information()),
    .processStatusChanged(old: .running, new: .errored, status: information()),
    .processFlagChanged(held: true, by: "cli:root", status: information()),
    .processScheduled(next: date, status: information()), .processScheduledTerminate(next: date, status: information()),
    .processWatch(at: date, path: "/srv/a b", status: information()), .processTelemetry(telemetry),
    .terminating(milliseconds: 30_000),
    .ipc(IPCMessage(sender: "a", target: "b", event: "c", eventData: false)),
  ]

  static func frame(_ payload: EventPayload, id: String?) -> String {
    (id.map { "id: \($0)\n" } ?? "") + "event: \(payload.name.rawValue)\ndata: \(payload.jsonText)\n\n"
  }

  /// Long timeouts for a busy machine, short delays between attempts.
  static var options: PupClientOptions {
    var options = PupClientOptions()
    options.timeout = .seconds(20)
    options.retryDelay = .milliseconds(1)
    options.reconnectDelay = .milliseconds(1)
    options.longestReconnectDelay = .milliseconds(5)
    options.eventBuffer = 100_000
    return options
  }

  static func client(_ address: String, token: String = "t", _ change: (inout PupClientOptions) -> Void = { _ in }) throws
    -> PupRestClient
  {
    var options = Self.options
    change(&options)
    return try PupRestClient(address, token, eventStream: false, options: options, environment: [:])
  }
}
