internal import PupAPI
internal import PupRestClient

/// Events of a stream on standard output: for people, or one JSON object a line.
struct EventOutput {
  let asJSON: Bool
  let colours: Bool

  init(asJSON: Bool, colours: Bool = Terminal.hasColours) {
    self.asJSON = asJSON
    self.colours = colours
  }

  /// Nil for what is told elsewhere, such as a new connection.
  func line(_ event: PupEvent, now: ISODate) -> String? {
    if asJSON { return json(event).map { $0 + "\n" } }
    return text(event, now).map { $0 + "\n" }
  }

  // MARK: - Text

  private func text(_ event: PupEvent, _ now: ISODate) -> String? {
    switch event {
    case .event(.log(let item), _):
      let time = ISODate(milliseconds: item.timeStamp)
      return coloured(
        "\(time.text) [\(item.severity.rawValue.uppercased())] [\(item.processId):\(item.category)] \(item.text.replacingControls)",
        Self.colour(of: item))
    case .event(let payload, _):
      let time = Self.time(of: payload) ?? now
      return coloured(
        "\(time.text) [EVENT] [\(payload.processId ?? "core"):\(payload.name.rawValue)] \(words(payload))",
        Self.isFailure(payload) ? 31 : 36)
    // The server takes its leave; who reads is told of the end itself.
    case .other("closed", _, _): return nil
    case .other(let name, let data, _): return coloured("\(now.text) [EVENT] [core:\(name)] \(data.jsonText)", 36)
    case .lost(let lost): return coloured("\(now.text) [LOST] \(Self.words(lost))", 31)
    case .connected, .disconnected: return nil
    }
  }

  /// Where the event says it: lines of logs come another way, and stand in order only by their times.
  private static func time(of payload: EventPayload) -> ISODate? {
    switch payload {
    case .processStatusChanged(_, _, let status): status.updated
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
    return text.replacingControls
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
    case .unreadable(let why): "\(count) could not be understood: \(why.replacingControls)"
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

  private func coloured(_ text: String, _ colour: Int?) -> String {
    guard colours, let colour else { return text }
    return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
  }

  private static func colour(of item: LogItem) -> Int? {
    if item.severity == .error || item.category == "stderr" { return 31 }
    guard item.processId == "core" else { return nil }
    return item.category == "starting" ? 32 : item.category == "finished" ? 33 : 90
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
