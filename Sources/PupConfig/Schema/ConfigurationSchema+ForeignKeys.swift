extension ConfigurationSchema {
  static let foreignKeysOfProcess = ForeignKey.table(programs + starts + stops + surroundings + checks + outputs)

  private static let programs: [(names: String, key: ForeignKey)] = [
    ("script", .here("cmd", "\"node app.js\"; or `worker`: [\"app.js\", \"argument\"]")),
    ("command exec run program ExecStart entrypoint", .here("cmd")),
    ("args arguments", .here("cmd", "write the arguments after the program, or as further elements of `worker`")),
    (
      "interpreter exec_interpreter interpreter_args node_args nodeArgs shell",
      .here("cmd", "write the interpreter before the script, as in \"python3 -u app.py\"")
    ),
    ("process_name", .here("id")),
    (
      "ExecStartPre ExecStartPost ExecStop ExecStopPost ExecReload pre_start post_start hooks post_update",
      .missing("join commands in `cmd`: \"./prepare && exec ./serve\"")
    ),
    (
      "is_daemon Type",
      .needless("Pup supervises programs that stay in the foreground; configure the program not to daemonize itself")
    ),
    ("is_tty is_interactive is_foreground", .missing("programs have no terminal; their standard input is /dev/null")),
    ("description", .needless("write a comment")),
  ]

  private static let starts: [(names: String, key: ForeignKey)] = [
    (
      "instances numprocs replicas scale",
      .here("cluster", "cluster: { instances: 4 }, a number (see `nproc` for one per processor)")
    ),
    (
      "exec_mode",
      .here(
        "cluster", "cluster: { instances: 4 } starts several; they cannot share a port yet, but `startPort` gives each its own")
    ),
    (
      "depends_on dependsOn after before requires wants",
      .missing(
        "all processes start at once; let the program wait for what it needs, or fail and be restarted with restart: \"error\"")
    ),
    ("priority start_order", .missing("all processes start at once, in file order")),
    (
      "autorestart restart_policy restartPolicy availability",
      .here(
        "restart",
        "\"always\", or \"error\" to restart after failures only; without `autostart` and `watch`, the default is never")
    ),
    ("RestartSec", .here("restartDelayMs", "in milliseconds")), ("restart_delay restartDelay", .here("restartDelayMs")),
    ("backoff_seconds exp_backoff_restart_delay", .here("restartDelayMs", "in milliseconds; it does not grow")),
    ("max_restarts maxRestarts startretries StartLimitBurst", .here("restartLimit")),
    (
      "startsecs min_uptime minUptime StartLimitInterval StartLimitIntervalSec",
      .missing("`restartDelayMs` and `restartLimit` control restarts, however long a run lasted")
    ),
    (
      "stop_exit_codes exitcodes SuccessExitStatus RestartPreventExitStatus",
      .missing("exit code 0 means success, anything else an error")
    ),
    ("disabled", .here("autostart", "false, which is the default")),
    ("namespace groups", .missing("give the ids a common prefix and use a pattern: pup restart 'shop-*'")),
    ("ignore_watch watch_ignore", .here("watcher.skip", "at the top level, for all processes")),
    ("watch_delay watch_options", .here("watcher", "at the top level, for all processes")),
  ]

  private static let stops: [(names: String, key: ForeignKey)] = [
    (
      "stopSignal stop_signal stopsignal KillSignal kill_signal",
      .missing(
        "SIGTERM is sent to everything that the process has started, so a wrapper cannot translate it; configure the program to stop on SIGTERM"
      )
    ),
    ("kill_timeout killTimeout", .here("terminateTimeout", "in seconds")),
    ("stopwaitsecs TimeoutStopSec stop_grace_period shutdown_timeout", .here("terminateTimeout", "in seconds")),
    ("shutdown", .here("terminateTimeout", "in seconds; SIGTERM is sent and no command is run")),
    ("shutdown_with_message", .needless("SIGTERM is sent")),
    ("stopasgroup killasgroup treekill KillMode", .needless("a stop always ends everything that the process has started")),
    ("cron_restart", .here("terminate", "with restart: \"always\"")), ("RuntimeMaxSec", .here("timeout", "in seconds")),
  ]

  private static let surroundings: [(names: String, key: ForeignKey)] = [
    (
      "user uid gid group_name run_as runAs User Group",
      .missing(
        "programs run as Pup's user: start one Pup per user (pup enable-service --user NAME) or, as root, switch in `cmd`: \"setpriv "
          + "--reuid NAME --regid NAME --init-groups ./serve\"")
    ),
    (
      "envFile env_file dotenv environment_file EnvironmentFile",
      .missing("write the variables in `env`, or read the file in `cmd`: \"set -a; . ./.env; exec node app.js\"")
    ),
    ("directory dir working_dir workdir WorkingDirectory", .here("cwd")), ("environment vars Environment", .here("env")),
    (
      "env_production env_development env_staging",
      .missing("keep one file per environment (pup run --config FILE), or choose in `cmd`: \"node app.$NODE_ENV.js\"")
    ),
    ("umask", .missing("set it in `cmd`: \"umask 027; exec ./serve\"")),
    ("nice Nice", .missing("set it in `cmd`: \"nice -n 10 ./serve\"")),
    (
      "max_memory_restart maxMemoryRestart max_memory maxMemory memory_limit mem_limit MemoryMax",
      .missing(
        "limit the program in `cmd`: \"ulimit -v 4000000; exec ./serve\", or all programs together with MemoryMax= in the service's unit"
      )
    ),
    ("ulimits limits rlimits LimitNOFILE LimitNPROC LimitCORE", .missing("set it in `cmd`: \"ulimit -n 4096; exec ./serve\"")),
    ("cpus cpu_limit CPUQuota", .missing("limit all programs together with CPUQuota= in the service's unit")),
    ("pid pid_file PIDFile", .here("pidFile")),
    (
      "port ports",
      .here("env", "pass the port in the program's own variable; in a cluster, `startPort` gives each instance its own port")
    ),
  ]

  private static let checks: [(names: String, key: ForeignKey)] = [
    (
      "healthcheck health_check readiness_probe liveness_probe readiness liveness wait_ready listen_timeout TimeoutStartSec ready_log_line",
      .missing(
        "a process counts as running as soon as it is executed; let the program exit when it is unhealthy, and `restart` starts it again"
      )
    ),
    ("on_failure OnFailure", .here("restart", "\"error\" restarts after failures; `pup monitor` and GET /events report them")),
    ("WantedBy Install", .missing("pup enable-service starts Pup at boot; `autostart` starts the process with it")),
    (
      "source_map_support vizion force time instance_var increment_var append_env_to_name filter_env disable_source_map_support",
      .needless("it has no meaning here")
    ),
  ]

  private static let outputs: [(names: String, key: ForeignKey)] = [
    (
      "out_file output stdout_logfile StandardOutput log_file log_location stdout",
      .here("logger", "logger: { stdout: \"out.log\" }")
    ),
    ("error_file error stderr_logfile StandardError stderr", .here("logger", "logger: { stderr: \"error.log\" }")),
    (
      "redirect_stderr merge_logs combine_logs",
      .needless("the file in `logger.stdout` gets both if `logger.stderr` is not set")
    ),
    (
      "stdout_logfile_maxbytes stdout_logfile_backups max_size log_configuration log_type",
      .here("logger", "`maxBytes` at the top level; rotate files that you name yourself with logrotate, without copytruncate")
    ),
    ("loglevel log_level", .missing("Pup stores everything; select when reading: pup logs --severity warn")),
    ("log_date_format", .here("logger", "logger: { decorateFiles: true } puts the time at the start of each line")),
    ("disable_logs", .here("logger", "logger: { internalLogHours: 0 } at the top level, and logger: { console: false }")),
  ]

  static let foreignKeysOfRoot = ForeignKey.table([
    (
      "apps programs services program process tasks", .here("processes", "a list of { id: \"web\", cmd: \"…\", autostart: true }")
    ),
    ("version", .needless("the format has no versions")),
    (
      "include includes files conf_d",
      .missing("a configuration is a single file; start one Pup per file (pup run --config FILE)")
    ),
    ("env environment vars", .missing("set `env` for each process, or start Pup with these variables: programs inherit them")),
    (
      "envFile env_file dotenv",
      .missing("set `env` for each process, or start Pup with these variables: \"set -a; . ./.env; exec pup run\" in a shell")
    ),
    ("user uid gid", .missing("Pup and its programs run as the user who starts it: pup enable-service --user NAME")),
    ("inet_http_server unix_http_server http rest", .here("api", "api: { port: 8080 }; the Unix socket is always available")),
    ("log_level loglevel logfile log_location", .here("logger")),
    ("groups namespaces", .missing("give the ids a common prefix and use a pattern: pup restart 'shop-*'")),
    ("deploy", .missing("deploy by other means, then run: pup restart NAME")),
    ("cmd worker id autostart cron", .here("processes", "it belongs to a process: processes: [{ id: \"web\", cmd: \"…\" }]")),
  ])

  static let foreignKeysOfCluster = ForeignKey.table([
    ("exec_mode mode", .needless("instances are always separate processes")), ("max", .here("instances", "a number")),
  ])
}
