internal import Glibc
internal import PupInstance
internal import PupLogs
internal import PupSystem

enum LogsCommand {
  static let specification = CommandSpecification(
    name: "logs", summary: "Show what the processes and Pup itself have logged.", usage: "[--id NAME] [-n LINES] [--follow]",
    description: """
      Reads the log files, whether or not Pup runs. Times are ISO 8601 (2026-11-21, 2026-11-21T08:15, with or without Z; without it the
      local time is meant). Pup's own lines are those of the process `core`. A name with wildcards (* ? [a-z], in quotes) or that of a cluster
      means the processes that run here, or that the configuration has; the lines of one that is gone are found by its whole name.

      Exit codes: 0, 65 there are no logs, 66 there is no such process, and no line of it.
      """,
    options: Location.options + [
      OptionSpecification(
        "id", "I", value: "NAME", repeats: true, help: "only this process; wildcards, clusters, and core for Pup itself"),
      OptionSpecification(
        "severity", value: "LEVEL", words: ["log", "info", "warn", "error"], help: "only log, info, warn or error"),
      OptionSpecification("lines", "n", value: "COUNT", help: "the newest so many (default 100; with --start or --end all)"),
      OptionSpecification("start", value: "TIME", help: "from this time on"),
      OptionSpecification("end", value: "TIME", help: "up to this time"),
      OptionSpecification("follow", "f", help: "go on with new lines until Ctrl-C"),
      OptionSpecification("json", help: "one JSON object a line"),
    ],
    examples: [
      ("pup logs -n 20", "the last 20 lines of everything"),
      ("pup logs --id web --severity error", "the last 100 lines that web wrote to standard error"),
      ("pup logs --id web --follow", "watch one process"),
      ("pup logs --start 2026-11-21T08:00 --end 2026-11-21T08:05 --json", "five minutes, for a program"),
    ],
    run: { arguments throws(UsageError) in
      var query = try query(arguments)
      do throws(InstanceError) {
        let location = try Location(arguments)
        let asked = arguments.all("id")
        let names = LogNames(asked, known: asked.isEmpty ? nil : KnownProcesses.of(location))
        if !names.asked.isEmpty { query.processes = names.chosen }
        let reader = LogReader(directory: location.paths.logs)
        return try show(reader, query, asJSON: arguments.has("json"), location, names)
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })

  private static func query(_ arguments: ParsedArguments) throws(UsageError) -> LogQuery {
    if let word = arguments.positional.first { throw UsageError(message: "'\(word)': write --id \(word)") }
    var query = LogQuery()
    if let text = arguments.value("severity") {
      guard let severity = LogSeverity(text.lowercased()) else {
        throw UsageError(message: "--severity \(text): one of log, info, warn, error is needed")
      }
      query.severity = severity
    }
    query.start = try time("start", arguments)
    query.end = try time("end", arguments)
    query.follow = arguments.has("follow")
    let ranged = query.start != nil || query.end != nil
    query.last = try arguments.integer("lines", in: 0...1_000_000_000) ?? (ranged ? nil : 100)
    return query
  }

  private static func time(_ name: String, _ arguments: ParsedArguments) throws(UsageError) -> LogTime? {
    guard let text = arguments.value(name) else { return nil }
    guard let time = TimeArgument.parse(text, isEnd: name == "end") else {
      throw UsageError(message: "--\(name) \(text): not a time; write for example 2026-11-21T08:15:30Z")
    }
    return time
  }

  private static func show(
    _ reader: LogReader, _ query: LogQuery, asJSON: Bool, _ location: Location, _ names: LogNames
  ) throws(InstanceError) -> Int32 {
    if access(location.paths.logs, F_OK) != 0, !query.follow {
      throw InstanceError(
        .configuration,
        "there are no logs in \(location.paths.logs); Pup has not run here, or keeps its data elsewhere (--data-dir)")
    }
    var output = LineOutput(asJSON: asJSON)
    let snapshot = reader.snapshot(query)
    var hasLines = false
    reader.read(query, in: snapshot) {
      hasLines = true
      return output.put($0)
    }
    guard output.flush() else { return 0 }
    if !hasLines, let problem = names.problem {
      Terminal.complain("pup: \(problem)")
      if !query.follow { return CommandFailure.unknownProcess }
    }
    guard query.follow else { return 0 }
    do throws(SystemError) {
      let follower = try LogFollower(query, from: snapshot)
      while true {
        for line in follower.poll(timeoutMilliseconds: -1) where !output.put(line) { return 0 }
        guard output.flush() else { return 0 }
      }
    } catch {
      throw InstanceError(.system, "\(error)")
    }
  }
}
