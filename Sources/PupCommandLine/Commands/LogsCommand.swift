internal import Glibc
internal import PupConfig
internal import PupInstance
internal import PupLogs
internal import PupSystem

enum LogsCommand {
  static let specification = CommandSpecification(
    name: "logs", summary: "Show what the processes and Pup itself have logged.",
    usage: "[NAME…] [-n LINES] [--since 10m] [--severity LEVEL] [--grep PATTERN] [--follow]",
    description: """
      Reads the log files, whether or not Pup runs. Pup's lines about itself are those of the process `core`. A name with wildcards (* ? [a-z], in
      quotes) or that of a cluster means the processes that run here, or that the configuration has; the lines of one that is gone are found
      by its whole name.

      Times: 10m (ago), "1 hour ago", 17:25 (the most recent one), yesterday, "yesterday 17:25", today, now, or ISO 8601
      (2026-11-21, 2026-11-21T08:15, with or without Z or +01:00; without them the local time is meant).

      On a terminal, lines are short and in local time, and what would steer the terminal is visible (^G, \\u{9b}); pipes get the bytes.

      Exit codes: 0 (also where nothing was logged yet), 66 there is no such process, and no line of it, 77 the logs may not be read.
      """,
    options: Location.options + [
      OptionSpecification(
        "id", "I", value: "NAME", repeats: true, help: "the same as naming it after the command; core for Pup itself"),
      SeverityArgument.option,
      OptionSpecification("grep", "g", value: "PATTERN", help: "only lines that match this regular expression (POSIX extended)"),
      OptionSpecification("ignore-case", "i", help: "for --grep: capital and small letters are the same"),
      OptionSpecification(
        "lines", "n", value: "COUNT", help: "how many of the newest to show (default 100; all of them when a time is given)"),
      OptionSpecification("since", value: "TIME", help: "from this time on: 10m, 17:25, yesterday, 2026-11-21T08:15"),
      OptionSpecification("start", value: "TIME", help: "the same as --since"),
      OptionSpecification("end", value: "TIME", help: "up to this time"),
      OptionSpecification("follow", "f", help: "continue with new lines until Ctrl-C"),
      LogFormat.option,
      OptionSpecification("json", help: "the same as --output json"),
    ],
    examples: [
      ("pup logs", "the last 100 lines of everything"), ("pup logs web -n 20", "the last 20 lines of one process"),
      ("pup logs 'web-*' --follow", "watch some processes"),
      ("pup logs web --since 10m --severity warn", "warnings and errors of the last ten minutes"),
      ("pup logs --grep 'timeout|refused' --since yesterday", "search"),
      ("pup logs --start 2026-11-21T08:00 --end 2026-11-21T08:05 --json", "five minutes, for a program"),
    ],
    takesProcesses: true, takesCore: true,
    run: { arguments throws(UsageError) in
      var query = try query(arguments)
      let format = try LogFormat(arguments)
      let pattern = try pattern(arguments)
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let location = try CommandFailure.instance { () throws(InstanceError) in try Location.ofInstance(arguments) }
        let asked = arguments.all("id") + arguments.names
        let names = LogNames(asked, known: asked.isEmpty ? nil : KnownProcesses.of(location))
        if !names.asked.isEmpty { query.processes = names.chosen }
        let folder = LogFolder(location.paths.logs)
        if let problem = folder.problem { throw CommandFailure(77, problem) }
        return try show(query, pattern, LineOutput(format, names: folder.processes(query)), folder, names, location)
      }
    })

  private static func query(_ arguments: ParsedArguments) throws(UsageError) -> LogQuery {
    var query = LogQuery()
    query.severity = try SeverityArgument.read(arguments)
    query.includesWorse = true
    if arguments.has("since"), arguments.has("start") { throw UsageError(message: "give either --since or --start, not both") }
    let now = LogTime(microseconds: Clock.wallMicroseconds)
    query.start = try time(arguments.has("since") ? "since" : "start", arguments, now)
    query.end = try time("end", arguments, now)
    if let start = query.start, let end = query.end, start > end {
      throw UsageError(message: "--end \(arguments.value("end") ?? "") is before the start")
    }
    query.follow = arguments.has("follow")
    let ranged = query.start != nil || query.end != nil
    query.last = try arguments.integer("lines", in: 0...1_000_000_000) ?? (ranged ? nil : 100)
    return query
  }

  private static func time(_ name: String, _ arguments: ParsedArguments, _ now: LogTime) throws(UsageError) -> LogTime? {
    guard let text = arguments.value(name) else { return nil }
    guard let time = TimeArgument.parse(text, isEnd: name == "end", now: now) else {
      throw UsageError(
        message: "--\(name) \(text): not a time; write for example 10m, 17:25, yesterday, or 2026-11-21T08:15:30Z")
    }
    return time
  }

  private static func pattern(_ arguments: ParsedArguments) throws(UsageError) -> LogPattern? {
    guard let text = arguments.value("grep") else {
      if arguments.has("ignore-case") { throw UsageError(message: "--ignore-case needs --grep PATTERN") }
      return nil
    }
    return try LogPattern(text, ignoresCase: arguments.has("ignore-case"))
  }

  /// Why there are no logs at all.
  private static func nothing(_ folder: LogFolder, _ location: Location) -> String {
    let running = Instance.runningPid(location).flatMap { LiveInstance(keeper: $0)?.description }
    if running?.settings?.logger.internalLogHours == 0 {
      return "no log is kept, since logger.internalLogHours is 0; pup monitor shows what comes"
    }
    let start = "nothing has been logged yet in \(folder.path)"
    return running == nil ? "\(start); Pup has not run here, or keeps its data elsewhere (--data-dir)" : start
  }

  private static func show(
    _ query: LogQuery, _ pattern: LogPattern?, _ output: LineOutput, _ folder: LogFolder, _ names: LogNames,
    _ location: Location
  ) throws(CommandFailure) -> Int32 {
    var output = output
    let reader = LogReader(directory: folder.path)
    let snapshot = reader.snapshot(query)
    var hasLines = false
    LogSearch(reader: reader, query: query, snapshot: snapshot, pattern: pattern).read {
      hasLines = true
      return output.put($0)
    }
    guard query.follow ? output.flush() : output.finish() else { return 0 }
    if !hasLines {
      // A pattern that fits nothing says nothing about the process.
      if let problem = names.problem, pattern == nil || !folder.exists {
        Terminal.complain("pup: \(problem)")
        if !query.follow { return CommandFailure.unknownProcess }
      } else if !folder.exists {
        Terminal.complain("pup: \(nothing(folder, location))")
      }
    }
    guard query.follow else { return 0 }
    do throws(SystemError) {
      let follower = try LogFollower(query, from: snapshot)
      while true {
        // A line that comes in pieces is matched piece by piece: a prompt is shown before it is answered.
        for line in follower.poll(timeoutMilliseconds: -1) where line.isBareEnd || pattern?.matches(line.text) ?? true {
          guard output.put(line) else { return 0 }
        }
        guard output.flush() else { return 0 }
      }
    } catch {
      throw CommandFailure(InstanceError.Kind.system.rawValue, "\(error)")
    }
  }
}
