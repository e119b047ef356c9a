extension ConfigurationSchema {
  static let process = SchemaObject(
    exactlyOneOf: ["cmd", "worker"], identityKeys + startKeys + stopKeys + surroundingKeys)

  static let cronPattern = SchemaType.text(SchemaTextRule(length: 1...256))

  private static let identityKeys = [
    SchemaKey(
      "id", .text(SchemaTextRule(length: 1...64, pattern: .id)), required: true,
      "The name of the process; unique without regard to case, and neither `all` nor `core`.", otherNames: ["name"]),
    SchemaKey(
      "cmd", .text(SchemaTextRule(length: 1...131_071)), "The command line; everything that /bin/sh understands works.",
      otherNames: ["command", "script", "exec", "run", "program"]),
    SchemaKey(
      "worker", .list(of: .text(SchemaTextRule(length: 0...131_071)), atLeast: 1),
      "A script and its arguments, run by the interpreter for the script's extension."),
  ]

  private static let startKeys = [
    SchemaKey("autostart", .boolean, default: "false", "Start together with Pup.", otherNames: ["start", "enabled"]),
    SchemaKey(
      "cron", cronPattern, "Start on this schedule: 5 or 6 fields (seconds first), or a nickname like @daily.",
      otherNames: ["schedule"]),
    SchemaKey(
      "cronTimezone", .text(SchemaTextRule(length: 1...255)),
      "The time zone of `cron` and `terminate`, such as Europe/Stockholm; by default the machine's.",
      otherNames: ["timezone", "tz"]),
    SchemaKey("watch", .texts, default: "[]", "Start, or restart, when a file below one of these paths changes."),
    SchemaKey(
      "restart", .choice(ProcessConfiguration.Restart.allCases.map(\.rawValue)),
      "When an ended process is started again: `always`, or after an `error`. By default always where `autostart` or `watch` is set, else never.",
      otherNames: ["autorestart", "restartPolicy"]),
    SchemaKey(
      "restartDelayMs", .integer(0...86_400_000),
      "Milliseconds before a restart; by default \(ConfigurationDefaults.restartDelayMilliseconds), and "
        + "\(ConfigurationDefaults.watchRestartDelayMilliseconds) after a change of a watched file.",
      otherNames: ["restartDelay", "restart_delay"]),
    SchemaKey(
      "restartLimit", .integer(count), "Restarts until Pup gives up; by default there is no limit.",
      otherNames: ["maxRestarts", "max_restarts"]),
    SchemaKey(
      "overrun", .boolean, default: "false",
      "Whether a new run may start while the last one still runs; 24 are kept apart at most."),
  ]

  private static let stopKeys = [
    SchemaKey(
      "terminate", cronPattern, "End the run on this schedule; the restart policy then applies.",
      otherNames: ["cronRestart", "cron_restart"]),
    SchemaKey(
      "terminateTimeout", .number(seconds), "As at the top level, for this process.", otherNames: ["killTimeout", "kill_timeout"]),
    SchemaKey("terminateGracePeriod", .number(seconds), "As at the top level, for this process."),
    SchemaKey(
      "timeout", .number(1...seconds.upperBound), "The longest run in seconds; then it is ended and the restart policy applies."),
    SchemaKey(
      "leftovers", .choice(["kill", "keep"]), default: "\"kill\"",
      "What happens to processes that a finished run leaves behind."),
  ]

  private static let surroundingKeys = [
    SchemaKey(
      "cwd", path, "The working directory; by default the folder of this file.",
      otherNames: ["directory", "dir", "workingDirectory", "workdir"]),
    SchemaKey(
      "env", .map(of: .text(SchemaTextRule(length: 0...131_071))), default: "{}",
      "Environment variables, added to the inherited ones.", otherNames: ["environment", "vars"]),
    SchemaKey("path", .text(SchemaTextRule(length: 0...65_536)), "Appended to PATH."),
    SchemaKey("pidFile", path, "Holds the process id while the process runs.", otherNames: ["pid_file"]),
    SchemaKey(
      "apiToken", .choice(APITokenKind.allCases.map(\.rawValue)), default: JSON5Text.quoted(APITokenKind.telemetry.rawValue),
      "What the process may do with the token in its environment: `telemetry`, everything (`admin`), or `none`."),
    SchemaKey(
      "cluster", .object(cluster), "Run several instances of the process.", otherNames: ["instances", "replicas", "numprocs"]),
    SchemaKey("logger", .object(processLogger), "Logs of this process.", otherNames: ["log", "logs", "logging"]),
  ]

  static let cluster = SchemaObject([
    SchemaKey("instances", .integer(0...65_535), default: "1", "How many instances run.", otherNames: ["count", "size"]),
    SchemaKey("startPort", .integer(port), "`PUP_CLUSTER_PORT` of the first instance; the next ones count up."),
    SchemaKey(
      "commonPort", .integer(port), "The port that is shared out among the instances (not supported yet).", otherNames: ["port"]),
    SchemaKey(
      "strategy", .choice(ClusterConfiguration.Strategy.allCases.map(\.rawValue)), default: "\"round-robin\"",
      "How an instance is chosen for a connection."),
  ])
}
