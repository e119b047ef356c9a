internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem

enum MonitorCommand {
  static let specification = CommandSpecification(
    name: "monitor", summary: "Follow log lines and events as they come.",
    usage: "[--id NAME] [--severity LEVEL] [--type NAME] [--json]",
    description: """
      From now on, until Ctrl-C. After a break of the connection it goes on where it was; what is missing then is told as LOST. For lines
      that were written earlier, and where nothing runs, see: pup logs.
      """,
    options: Location.options + [
      OptionSpecification("id", "I", value: "NAME", repeats: true, help: "only this process; wildcards, and core for Pup itself"),
      OptionSpecification(
        "severity", value: "LEVEL", words: APILogSeverity.allCases.map(\.rawValue),
        help: "only log lines: log, info, warn or error"),
      OptionSpecification(
        "type", value: "NAME", repeats: true, words: EventName.allCases.map(\.rawValue), help: "only these events, such as log"),
      OptionSpecification("json", help: "one JSON object a line: event, id, data"),
    ],
    examples: [
      ("pup monitor", "everything"), ("pup monitor --id 'web-*' --severity error", "errors of some"),
      ("pup monitor --type process_status_changed --json", "for a program"),
    ],
    run: { arguments throws(UsageError) in
      try arguments.refusePositional("write --id NAME")
      try arguments.refuseRest()
      let filter = try Filter(arguments)
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let location = try CommandFailure.instance { () throws(InstanceError) in try Location(arguments) }
        var options = PupClientOptions()
        options.reconnectDelay = .milliseconds(200)
        options.longestReconnectDelay = .seconds(2)
        let instance = try Instance.find(location, options: options)
        if arguments.all("id").contains(where: { !ProcessSelection.isGlob($0) && $0.lowercased() != "core" }) {
          let processes = try AsyncWork.run { () async throws(PupError) in try await instance.client.getProcesses().map(\.status)
          }
          _ = try ProcessSelection(arguments.all("id").filter { $0.lowercased() != "core" }).of(processes)
        }
        let output = EventOutput(asJSON: arguments.has("json"))
        try AsyncWork.run { () async throws(PupError) in await follow(instance, filter, output) }
        return 0
      }
    })

  struct Filter: Sendable {
    var ids: ProcessSelection
    var severity: APILogSeverity?
    /// Nil for all that are not sent each second.
    var types: Set<EventName>?

    init(_ arguments: ParsedArguments) throws(UsageError) {
      ids = ProcessSelection(arguments.all("id"))
      if let word = arguments.value("severity") {
        guard let severity = APILogSeverity(word: word) else {
          throw UsageError(message: "--severity \(word): one of log, info, warn, error is needed")
        }
        self.severity = severity
        types = [.log]
      }
      var names: Set<EventName> = []
      for word in arguments.all("type") {
        guard let name = EventName(rawValue: word) else {
          throw UsageError(
            message: "--type \(word): one of \(EventName.allCases.map(\.rawValue).joined(separator: ", ")) is needed")
        }
        names.insert(name)
      }
      if severity == nil, !names.isEmpty { types = names }
      if types == nil { types = Set(EventName.allCases.filter { !$0.isLiveOnly && $0 != .processTelemetry }) }
    }

    func wants(_ event: PupEvent) -> Bool {
      guard case .event(let payload, _) = event else { return true }
      if case .log(let item) = payload, let severity, item.severity != severity { return false }
      return ids.patterns.isEmpty || payload.processId.map(ids.fits) ?? false
    }
  }

  private static func follow(_ instance: Instance, _ filter: Filter, _ output: EventOutput) async {
    let clock = Task {
      while !Task.isCancelled {
        try await Task.sleep(for: .seconds(30))
        instance.refreshToken()
      }
    }
    defer { clock.cancel() }
    var isDisconnected = false
    for await event in instance.client.events(filter.types) where filter.wants(event) {
      switch event {
      case .disconnected(let error):
        guard InstanceLock.runningPid(instance.paths) != nil else {
          Terminal.complain("pup: Pup has ended")
          return
        }
        if !isDisconnected { Terminal.complain("pup: the stream is interrupted (\(error.message)); connecting again") }
        isDisconnected = true
      case .connected:
        if isDisconnected { Terminal.complain("pup: connected again") }
        isDisconnected = false
      default: break
      }
      guard let line = output.line(event, now: ISODate(microseconds: Clock.wallMicroseconds)) else { continue }
      if !Terminal.tryPrint(line) { return }
    }
  }
}
