internal import PupAPI
internal import PupInstance
internal import PupLogs
internal import PupRestClient
internal import PupSystem

enum MonitorCommand {
  static let specification = CommandSpecification(
    name: "monitor", summary: "Follow log lines and events as they come.",
    usage: "[NAME…] [--severity LEVEL] [--type NAME] [--json]",
    description: """
      Starts now, and ends with Ctrl-C. After a broken connection it continues where it was; what is missing then is reported as LOST. What
      Pup logs about a process's new state is shown once, as EVENT; --json and --type log leave nothing out. Names may have wildcards
      (* ? [a-z]), in quotes; core is Pup itself. For lines that were written earlier, and where nothing runs, see: pup logs.

      On a terminal, lines are short and in local time, and what would steer the terminal is visible (^G, \\u{9b}); pipes get the bytes.
      """,
    options: Location.options + [
      OptionSpecification(
        "id", "I", value: "NAME", repeats: true, help: "the same as naming it after the command; core for Pup itself"),
      SeverityArgument.option,
      OptionSpecification(
        "type", value: "NAME", repeats: true, words: EventName.known.map(\.rawValue), help: "only these events, such as log"),
      LogFormat.option,
      OptionSpecification("json", help: "one JSON object a line: event, id, data (the same as --output json)"),
    ],
    examples: [
      ("pup monitor", "everything"), ("pup monitor web", "one process"),
      ("pup monitor 'web-*' --severity warn", "warnings and errors of some"),
      ("pup monitor --type process_status_changed --json", "for a program"),
    ],
    takesProcesses: true, takesCore: true,
    run: { arguments throws(UsageError) in
      let filter = try Filter(arguments)
      let format = try LogFormat(arguments)
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let location = try CommandFailure.instance { () throws(InstanceError) in try Location.ofInstance(arguments) }
        var options = PupClientOptions()
        options.reconnectDelay = .milliseconds(200)
        options.longestReconnectDelay = .seconds(2)
        let instance = try Instance.find(location, options: options)
        var filter = filter
        let asked = Filter.names(arguments)
        let names = asked.filter { $0.lowercased() != LogEntry.core }
        var expected = asked
        if !names.isEmpty {
          let processes = try AsyncWork.run { () async throws(PupError) in try await instance.client.getProcesses().map(\.status)
          }
          // A cluster's name means its members as well.
          let chosen = try ProcessSelection(names).of(processes).map(\.id)
          filter.ids = ProcessSelection(asked + chosen)
          expected = chosen
        }
        let output = EventOutput(format, names: expected)
        let failure = try AsyncWork.run { [filter] () async throws(PupError) in
          await EventFollower(instance: instance, location: location, filter: filter, output: output).run()
        }
        if let failure { throw failure }
        return 0
      }
    })

  struct Filter: Sendable {
    var ids: ProcessSelection
    /// Of log lines: this and worse.
    var severity: LogSeverity?
    /// Nil for all that are not sent each second.
    var types: Set<EventName>?

    init(_ arguments: ParsedArguments) throws(UsageError) {
      ids = ProcessSelection(Self.names(arguments))
      severity = try SeverityArgument.read(arguments)
      if severity != nil { types = [.log] }
      var names: Set<EventName> = []
      for word in arguments.all("type") {
        let name = EventName(rawValue: word)
        guard name.isKnown else {
          throw UsageError(
            message: "--type \(word): one of \(EventName.known.map(\.rawValue).joined(separator: ", ")) is needed")
        }
        names.insert(name)
      }
      if severity == nil, !names.isEmpty { types = names }
      if types == nil { types = Set(EventName.known.filter { !$0.isLiveOnly && $0 != .processTelemetry }) }
    }

    static func names(_ arguments: ParsedArguments) -> [String] { arguments.all("id") + arguments.names }

    func wants(_ event: PupEvent) -> Bool {
      guard case .event(let payload, _) = event else { return true }
      if case .log(let item) = payload, let severity, LogSeverity(item.severity.rawValue) ?? .log < severity { return false }
      return ids.patterns.isEmpty || payload.processId.map(ids.fits) ?? false
    }
  }
}
