internal import Glibc
internal import PupConfig
internal import PupInstance

enum RunCommand {
  static let specification = CommandSpecification(
    name: "run", summary: "Start and supervise the processes of a configuration, in the foreground.",
    usage: "[--config FILE]  |  pup run -A (-C \"COMMAND\" | -W \"SCRIPT\" | -- COMMAND ARGUMENTS)",
    description: """
      Without a configuration, one process is made of the flags. Ctrl-C (or SIGTERM) stops everything in order, a second Ctrl-C at once.
      If Pup itself is killed, the programs keep running, and the next `pup run` here takes them over.

      Exit codes: 0 after an ordinary stop, 64 wrong usage, 65 a configuration that cannot be used, 69 running already.
      """,
    options: Location.options + [
      OptionSpecification("id", "I", value: "NAME", help: "name of the process (default: task)"),
      OptionSpecification("cmd", "C", value: "COMMAND", help: "run this command line"),
      OptionSpecification("worker", "W", value: "SCRIPT", help: "run this script with the interpreter for its extension"),
      OptionSpecification("autostart", "A", help: "start at once, and again whenever it ends"),
      OptionSpecification("watch", "w", value: "PATH", repeats: true, help: "restart when a file below changes"),
      OptionSpecification("cron", "O", value: "PATTERN", help: "start on this schedule"),
      OptionSpecification("terminate", "T", value: "PATTERN", help: "end the run on this schedule"),
      OptionSpecification("env", "e", value: "NAME=VALUE", repeats: true, help: "set a variable"),
      OptionSpecification("stdout", value: "FILE", help: "append standard output to this file"),
      OptionSpecification("stderr", value: "FILE", help: "append standard error to this file"),
      OptionSpecification("instances", value: "N", help: "run so many"),
      OptionSpecification("start-port", value: "PORT", help: "PUP_CLUSTER_PORT of the first instance"),
      OptionSpecification("common-port", value: "PORT", help: "the port of the load balancer"),
      OptionSpecification("strategy", value: "NAME", help: "round-robin, least-connections or ip-hash"),
    ],
    examples: [
      ("pup run", "supervise what pup.json in this folder names"),
      ("pup run --config /srv/app/pup.json", "the same for another folder"),
      ("pup run -A -- python3 -m http.server 8000", "keep one command alive, without a file"),
      ("pup run -A -C \"make data && ./serve | tee out.txt\"", "the same with shell syntax"),
      ("pup run -O \"0 3 * * *\" -C ./backup.sh", "run it every night at three"),
    ],
    run: { arguments throws(UsageError) in
      if !arguments.positional.isEmpty {
        throw UsageError(
          message: "'\(arguments.positional[0])': put a command to run behind --, as in: pup run -A -- \(arguments.positional[0])"
        )
      }
      let options = try adHocOptions(arguments)
      do throws(InstanceError) {
        return try start(arguments, options)
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })

  private static func start(_ arguments: ParsedArguments, _ options: AdHocOptions?) throws(InstanceError) -> Int32 {
    let location = try Location(arguments, adHocName: options == nil ? "pup.json" : "\(options?.id ?? "task").adhoc")
    let bytes: [UInt8]
    let report: ConfigurationReport
    if let options {
      let made = PupConfiguration.adHoc(
        options, directory: location.directory,
        environment: SystemConfigurationEnvironment(variables: ProcessEnvironment.current))
      (bytes, report) = (made.text, made.report)
    } else {
      let loaded = try LoadedConfiguration.load(location)
      (bytes, report) = (loaded.bytes, loaded.report)
    }
    Terminal.complain(report)
    guard let configuration = report.configuration else {
      Terminal.complain("pup: nothing was started; correct the configuration and run it again")
      return InstanceError.Kind.configuration.rawValue
    }
    return try launch(location, bytes, configuration, isAdHoc: options != nil)
  }

  private static func launch(
    _ location: Location, _ bytes: [UInt8], _ configuration: PupConfiguration, isAdHoc: Bool
  ) throws(InstanceError) -> Int32 {
    let paths = location.paths
    let programs = try ProgramFiles.open()
    try paths.create()
    let lock = try InstanceLock.acquire(paths)
    let count = configuration.processes.count
    let (needed, allowed) = KeeperLauncher.descriptorNeed(processes: count)
    if needed > allowed {
      Terminal.complain(
        "pup: warning: \(count) processes need about \(needed) open descriptors, and the hard limit is \(allowed); raise it "
          + "(ulimit -Hn \(needed), or LimitNOFILE=\(needed) in the service), or some will not start")
    }
    let files = try RuntimeFiles.open(paths, processes: count) { directory in
      InstanceDescription(
        configurationPath: location.configurationPath ?? "the command line", directory: location.directory, isAdHoc: isAdHoc,
        configuration: bytes, dataDirectory: paths.data, temporaryDirectory: paths.temporary, runtimeDirectory: directory)
    }
    throw KeeperLauncher(paths: paths, files: files, programs: programs, lock: lock).exec()
  }

  /// Nil when a configuration file is meant.
  private static func adHocOptions(_ arguments: ParsedArguments) throws(UsageError) -> AdHocOptions? {
    let programs: [AdHocOptions.Program] = [
      arguments.value("cmd").map { .command($0) },
      arguments.value("worker").map { .worker($0.split(separator: " ").map(String.init)) },
      arguments.rest.map { .arguments($0) },
    ].compactMap { $0 }
    let flags = [
      "id", "autostart", "watch", "cron", "terminate", "env", "stdout", "stderr", "instances", "start-port", "common-port",
      "strategy",
    ]
    guard let program = programs.first else {
      if let flag = flags.first(where: { arguments.has($0) }) {
        throw UsageError(message: "--\(flag) needs a program: add -C \"COMMAND\", -W SCRIPT or -- COMMAND ARGUMENTS")
      }
      return nil
    }
    if programs.count > 1 { throw UsageError(message: "give one of --cmd, --worker and -- COMMAND") }
    if arguments.has("config") { throw UsageError(message: "give either --config or a command, not both") }
    if case .arguments(let words) = program, words.first?.isEmpty ?? true {
      throw UsageError(message: "nothing stands behind --")
    }
    var options = AdHocOptions(program)
    if let id = arguments.value("id") { options.id = id }
    options.autostart = arguments.has("autostart")
    options.watch = arguments.all("watch")
    options.cron = arguments.value("cron")
    options.terminate = arguments.value("terminate")
    options.env = arguments.all("env")
    options.stdout = arguments.value("stdout")
    options.stderr = arguments.value("stderr")
    options.instances = try arguments.integer("instances", in: 0...65535)
    options.startPort = try arguments.integer("start-port", in: 1...65535)
    options.commonPort = try arguments.integer("common-port", in: 1...65535)
    options.strategy = arguments.value("strategy")
    return options
  }
}

extension Terminal {
  /// Errors and warnings of a configuration, on standard error.
  static func complain(_ report: ConfigurationReport) {
    let text = report.rendered()
    if !text.isEmpty { complain(text) }
  }
}
