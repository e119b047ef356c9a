internal import PupCore

extension ConfigurationSchema {
  static let process = SchemaObject(
    exactlyOneOf: ["cmd", "worker"], identityKeys + startKeys + stopKeys + surroundingKeys, foreign: foreignKeysOfProcess)

  static let cronPattern = SchemaType.text(SchemaTextRule(length: 1...256))

  private static let identityKeys = [
    SchemaKey(
      "id", .text(SchemaTextRule(length: 1...64, pattern: .id)), required: true,
      "The name of the process; unique (ignoring case), and neither `all` nor `core`.", otherNames: ["name"]),
    SchemaKey(
      "cmd", .text(SchemaTextRule(length: 1...131_071)), "The command line; anything that /bin/sh understands works.",
      otherNames: ["command", "script", "exec", "run", "program"]),
    SchemaKey(
      "worker", .list(of: .text(SchemaTextRule(length: 0...131_071)), atLeast: 1),
      "A script and its arguments, run by the interpreter for the script's extension; see below."),
  ]

  private static let startKeys = [
    SchemaKey("autostart", .boolean, default: "false", "Start when Pup starts.", otherNames: ["start", "enabled"]),
    SchemaKey(
      "cron", cronPattern, "Start on this schedule: 5 or 6 columns (seconds first), or a nickname like @daily; see below.",
      otherNames: ["schedule"]),
    SchemaKey(
      "cronTimezone", .text(SchemaTextRule(length: 1...255)),
      "The time zone of `cron` and `terminate`, such as Europe/Stockholm; by default the machine's.",
      otherNames: ["timezone", "tz"]),
    SchemaKey(
      "watch", .texts, default: "[]",
      "Start, or restart, when a file below one of these paths changes; see below for what counts."),
    SchemaKey(
      "restart", .choice(ProcessConfiguration.Restart.allCases.map(\.rawValue)),
      "When to restart a process that has ended: `always`, or only after an `error`. By default always if `autostart` or `watch` is set, otherwise never.",
      otherNames: ["autorestart", "restartPolicy"]),
    SchemaKey(
      "restartDelayMs", .integer(0...86_400_000),
      "Milliseconds before a restart; by default \(ConfigurationDefaults.restartDelayMilliseconds), and "
        + "\(ConfigurationDefaults.watchRestartDelayMilliseconds) after a change to a watched file. At least 1000 "
        + "after a failed start, for example of a missing program.",
      otherNames: ["restartDelay", "restart_delay"]),
    SchemaKey(
      "restartLimit", .integer(count),
      "Restarts until Pup gives up; by default there is no limit. Counted from the last start with another cause (an operator, a schedule, a changed "
        + "file), however long the runs last.",
      otherNames: ["maxRestarts", "max_restarts"]),
    SchemaKey(
      "overrun", .boolean, default: "false",
      "Whether a new run may start while the previous one is still running. At most \(ProcessPolicy.mostRuns) runs are alive at a time; further starts are refused."
    ),
  ]

  private static let stopKeys = [
    SchemaKey(
      "terminate", cronPattern, "End the run on this schedule; the restart policy then applies.",
      otherNames: ["cronRestart", "cron_restart"]),
    SchemaKey(
      "terminateTimeout", .number(seconds), "The same as the top-level key, for this process.",
      otherNames: ["killTimeout", "kill_timeout"]),
    SchemaKey("terminateGracePeriod", .number(seconds), "The same as the top-level key, for this process."),
    SchemaKey(
      "timeout", .number(1...seconds.upperBound),
      "The longest run in seconds; after that, the run is ended and the restart policy applies."),
    SchemaKey(
      "leftovers", .choice(["kill", "keep"]), default: "\"kill\"",
      "What to do with processes that a finished run leaves behind."),
  ]

  private static let surroundingKeys = [
    SchemaKey(
      "cwd", path, "The working directory; by default this file's folder.",
      otherNames: ["directory", "dir", "workingDirectory", "workdir"]),
    SchemaKey(
      "env", .map(of: .text(SchemaTextRule(length: 0...131_071))), default: "{}",
      "Environment variables, added to the inherited ones.", otherNames: ["environment", "vars"]),
    SchemaKey("path", .text(SchemaTextRule(length: 0...65_536)), "Appended to PATH."),
    SchemaKey("pidFile", path, "A file that holds the process id while the process runs.", otherNames: ["pid_file"]),
    SchemaKey(
      "apiToken", .choice(APITokenKind.allCases.map(\.rawValue)), default: JSON5Text.quoted(APITokenKind.telemetry.rawValue),
      "What the process may do with the token in its environment: `telemetry`, everything (`admin`), or `none`."),
    SchemaKey(
      "cluster", .object(cluster), "Run several instances of the process.", otherNames: ["instances", "replicas", "numprocs"]),
    SchemaKey("logger", .object(processLogger), "The logs of this process.", otherNames: ["log", "logs", "logging"]),
  ]

  static let cluster = SchemaObject(
    [
      SchemaKey("instances", .integer(0...65_535), default: "1", "How many instances to run.", otherNames: ["count", "size"]),
      SchemaKey("startPort", .integer(port), "`PUP_CLUSTER_PORT` of the first instance; the others count up from there."),
      SchemaKey(
        "commonPort", .integer(port), "The port whose connections are distributed among the instances (not supported yet).",
        otherNames: ["port"]
      ),
      SchemaKey(
        "strategy", .choice(ClusterConfiguration.Strategy.allCases.map(\.rawValue)), default: "\"round-robin\"",
        "How to choose an instance for a connection (not supported yet)."),
    ], foreign: foreignKeysOfCluster)
}
