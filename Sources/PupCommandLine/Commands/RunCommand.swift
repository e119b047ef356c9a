internal import Glibc
internal import PupConfig
internal import PupInstance

enum RunCommand {
  static let specification = CommandSpecification(
    name: "run", summary: "Start and supervise the processes of a configuration, in the foreground.",
    usage: "[--config FILE]  |  pup run -A (-C \"COMMAND\" | -W \"SCRIPT\" | -- COMMAND ARGUMENTS)",
    description: """
      Without a configuration, one process is made of the flags (its name is `task` unless --id says another); one of -A, -O and -w says when it starts. Ctrl-C (or SIGTERM) stops everything in order, a second Ctrl-C at once.
      If Pup itself is killed, the programs keep running, and the next `pup run` here takes them over.

      Exit codes: 0 after an ordinary stop, 64 wrong usage, 65 a configuration that cannot be used, 69 running already.
      """,
    options: Location.options + ProcessArguments.options,
    examples: [
      ("pup run", "supervise what pup.json in this folder names"),
      ("pup run --config /srv/app/pup.json", "the same for another folder"),
      ("pup run -A -- python3 -m http.server 8000", "keep one command alive, without a file"),
      ("pup run -A -C \"make data && ./serve | tee out.txt\"", "the same with shell syntax"),
      ("pup run -O \"0 3 * * *\" -C ./backup.sh", "run it every night at three"),
    ],
    describesProcess: true,
    run: { arguments throws(UsageError) in
      if !arguments.positional.isEmpty {
        throw UsageError(
          message: "'\(arguments.positional[0])': put a command to run behind --, as in: pup run -A -- \(arguments.positional[0])"
        )
      }
      let options = try ProcessArguments.read(arguments)
      if options != nil, arguments.has("config") { throw UsageError(message: "give either --config or a command, not both") }
      if let options, !options.startsByItself {
        throw UsageError(
          message: "nothing would start the command: add -A (at once, and again whenever it ends), -O PATTERN (on a schedule) "
            + "or -w PATH (when a file below changes)")
      }
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
}

extension Terminal {
  /// Errors and warnings of a configuration, on standard error.
  static func complain(_ report: ConfigurationReport) {
    let text = report.rendered()
    if !text.isEmpty { complain(text) }
  }
}
