internal import PupAPI
internal import PupLogs
internal import PupRestClient

/// Events of a stream on standard output: for people, or one JSON object a line.
struct EventOutput {
  let format: LogFormat
  let isTerminal: Bool
  let colours: Bool
  private var layout: LineLayout

  /// - Parameter names: of processes that are expected.
  init(
    _ format: LogFormat, isTerminal: Bool = Terminal.isInteractive, colours: Bool = Terminal.hasColours, names: [String] = []
  ) {
    self.format = format
    self.isTerminal = isTerminal && format != .raw
    self.colours = colours
    layout = LineLayout(format, names: names)
  }

  /// Nil for what is told elsewhere, such as a new connection.
  mutating func line(_ event: PupEvent, now: ISODate) -> ScreenText? {
    var screen = ScreenText(isTerminal: isTerminal, colours: colours)
    if format == .json {
      guard let object = json(event) else { return nil }
      screen.add(object + "\n")
    } else {
      guard var line = shown(event, now) else { return nil }
      line.isToTheMillisecond = true
      layout.add(line, to: &screen)
    }
    return screen
  }

  // MARK: - Text

  private func shown(_ event: PupEvent, _ now: ISODate) -> ShownLine? {
    switch event {
    case .event(.log(let item), _):
      // A line that came in pieces is handed on piece by piece; `LineLayout` puts them together.
      return ShownLine(
        LogLine(
          time: LogTime(microseconds: item.timeStamp * 1000), severity: item.severity.logSeverity, category: item.category,
          process: item.processId, text: Array(item.text.utf8), isPartial: item.partial, isContinuation: item.continued))
    case .event(let payload, _):
      // Bytes alone are those of programs.
      if format == .raw { return nil }
      return said(
        .event, Self.time(of: payload) ?? now, payload.processId, payload.name.rawValue, words(payload),
        Self.isFailure(payload) ? 31 : 36)
    // The server takes its leave; who reads is told of the end itself.
    case .other("closed", _, _): return nil
    case .other(let name, let data, _):
      return format == .raw ? nil : said(.event, now, nil, name, data.jsonText, 36)
    case .lost(let lost): return said(.lost, now, nil, "", Self.words(lost), 31)
    case .connected, .disconnected: return nil
    }
  }

  private func said(
    _ tag: ShownLine.Tag, _ time: ISODate, _ process: String?, _ category: String, _ text: String, _ colour: Int
  ) -> ShownLine {
    ShownLine(
      time: LogTime(microseconds: time.microseconds), tag: tag, process: process ?? LogEntry.core, category: category,
      text: Array(text.visibleLine.utf8), colour: colour)
  }

  /// Where the event says it: lines of logs come another way, and stand in order only by their times.
  private static func time(of payload: EventPayload) -> ISODate? {
    switch payload {
    case .processStatusChanged(_, _, let status), .processFlagChanged(_, _, let status): status.updated
    case .processWatch(let at, _, _): at
    default: nil
    }
  }

  private static func isFailure(_ payload: EventPayload) -> Bool {
    guard case .processStatusChanged(_, let new, _) = payload else { return false }
    return new == .errored || new == .exhausted
  }

  private func words(_ payload: EventPayload) -> String {
    let text =
      switch payload {
      case .processStatusChanged(let old, let new, let status):
        "\(old.map { "\($0.word) -> " } ?? "")\(Self.words(new, status.explanation ?? ""))"
      case .processFlagChanged(_, _, let status): status.explanation ?? ""
      case .processScheduled(let next, _): "starts at \(next.text)"
      case .processScheduledTerminate(let next, _): "ends at \(next.text)"
      case .processWatch(_, let path, _): "\(path) has changed"
      case .terminating(let milliseconds): "everything stops, within \(Measures.duration(milliseconds: Int64(milliseconds)))"
      case .ipc(let message):
        "\(message.sender) to \(message.target): \(message.event)\(message.eventData.map { " \($0.jsonText)" } ?? "")"
      case .initialized: "Pup has started"
      case .processTelemetry(let telemetry): "\(Measures.bytes(Int64(clampingReal: telemetry.memory.rss))) resident"
      case .log, .watchdog, .applicationState: ""
      }
    return text
  }

  /// An explanation begins with the state, as a rule.
  private static func words(_ state: APIProcessState, _ explanation: String) -> String {
    explanation.isEmpty ? state.word : explanation.hasPrefix(state.word) ? explanation : "\(state.word): \(explanation)"
  }

  static func words(_ lost: LostEvents) -> String {
    let count = "\(amount(lost))\(range(lost))"
    return switch lost.reason {
    case .server: "\(count) can no longer be had; the lines are in: pup logs"
    case .slowReader: "\(count) came faster than they were read here"
    case .unreadable(let why): "\(count) could not be understood: \(why)"
    }
  }

  private static func amount(_ lost: LostEvents) -> String {
    lost.count.map { "\($0) event\($0 == 1 ? "" : "s")" } ?? "an unknown number of events"
  }

  /// " (17 to 19)", as the ids of events count; nothing where that is not known.
  private static func range(_ lost: LostEvents) -> String {
    // The next supervisor counts on far behind the last one: its first number says nothing of how many are missing.
    switch (lost.from, lost.count == nil && lost.from != nil ? nil : lost.to) {
    case (let from?, let to?): from == to ? " (\(from))" : " (\(from) to \(to))"
    case (nil, let to?): " (up to \(to))"
    case (let from?, nil): " (from \(from) on)"
    case (nil, nil): ""
    }
  }

  // MARK: - JSON

  /// `{"event": "log", "id": "…-17", "data": {…}}`
  private func json(_ event: PupEvent) -> String? {
    var writer = JSONWriter()
    writer.object {
      switch event {
      case .event(let payload, let id):
        $0.member("event", payload.name.rawValue)
        $0.member("id", ifPresent: id?.description)
        $0.member("data", payload)
      case .other(let name, let data, let id):
        $0.member("event", name)
        $0.member("id", ifPresent: id?.description)
        $0.member("data", data)
      case .lost(let lost):
        $0.member("event", "lost")
        $0.name("data")
        $0.object {
          $0.member("from", ifPresent: lost.from)
          $0.member("to", ifPresent: lost.to)
          $0.member("count", ifPresent: lost.count)
          $0.member("reason", Self.words(lost))
        }
      case .connected: $0.member("event", "connected")
      case .disconnected(let error):
        $0.member("event", "disconnected")
        $0.member("data", error)
      }
    }
    return writer.text
  }
}

extension Int64 {
  fileprivate init(clampingReal value: Double) { self = value.isFinite && value.magnitude < 9e18 ? Int64(value) : 0 }
}

extension APILogSeverity {
  fileprivate var logSeverity: LogSeverity { LogSeverity(rawValue) ?? .log }
}
