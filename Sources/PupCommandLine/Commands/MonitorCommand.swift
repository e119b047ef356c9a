internal import PupAPI
internal import PupInstance
internal import PupLogs
internal import PupRestClient
internal import PupSystem

enum MonitorCommand {
  static let specification = CommandSpecification(
    name: "monitor", summary: "Follow log lines and events as they come.",
    usage: "[--id NAME] [--severity LEVEL] [--type NAME] [--json]",
    description: """
      From now on, until Ctrl-C. After a break of the connection it goes on where it was; what is missing then is told as LOST. What
      Pup logs of a process's new state is shown once, as EVENT; --json and --type log leave nothing out. For lines that were written earlier, and where nothing runs, see: pup logs.
      """,
    options: Location.options + [
      OptionSpecification(
        "id", "I", value: "NAME", repeats: true, help: "only this process; wildcards, clusters, and core for Pup itself"),
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
        var filter = filter
        let names = arguments.all("id").filter { $0.lowercased() != LogEntry.core }
        if !names.isEmpty {
          let processes = try AsyncWork.run { () async throws(PupError) in try await instance.client.getProcesses().map(\.status)
          }
          // A cluster's name means its members as well.
          let chosen = try ProcessSelection(names).of(processes).map(\.id)
          filter.ids = ProcessSelection(arguments.all("id") + chosen)
        }
        let output = EventOutput(asJSON: arguments.has("json"))
        try AsyncWork.run { [filter] () async throws(PupError) in
          await EventFollower(instance: instance, filter: filter, output: output).run()
        }
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
}
